#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "sim/io/histories/history.h"
#include "tests/support/folder.h"

namespace midflight::io::testing {

/// A test with a folder of its own; paths in it are told without its name.
class HistoryTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return name.empty() ? folder_.path().string() : folder_.path(name); }

  void write(const std::string& name, const std::string& text = "SELECT 1;\n") const { folder_.write(name, text); }

  History find(const std::vector<std::string>& names = {""}, const HistoryOptions& options = {}) const {
    std::vector<std::string> paths;
    for (const std::string& name : names) paths.push_back(path(name));
    return find_migrations(paths, options);
  }

  std::string without_folder(std::string text) const {
    const std::string folder = path("");
    for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
      text.erase(at, folder.size() + (text.substr(at + folder.size(), 1) == "/" ? 1 : 0));
    }
    return text;
  }

  /// "V1__a.sql V2__b.sql": what runs, in order.
  std::string order(const History& history) const {
    std::string all;
    for (const MigrationFile& file : history.files) all += (all.empty() ? "" : " ") + without_folder(file.path);
    return all;
  }

  /// "place: message|...".
  std::string told(const std::vector<Problem>& problems) const {
    std::string all;
    for (const Problem& problem : problems) {
      all += (all.empty() ? "" : "|") + without_folder(problem.where.text() + ": " + problem.message);
    }
    return all;
  }

  Migration read(const std::string& name, const HistoryOptions& options = {}) const {
    const History history = find({name}, options);
    return read_migration(history.files.at(0), history);
  }

 private:
  midflight::testing::Folder folder_;
};

}  // namespace midflight::io::testing
