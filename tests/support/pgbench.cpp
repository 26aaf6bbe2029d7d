#include "tests/support/pgbench.h"

#include <fmt/core.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/kernel/error.h"
#include "tests/support/folder.h"
#include "tests/support/server_process.h"

// Source: PostgreSQL manual, pgbench, "Per-Transaction Logging".

namespace midflight::testing {
namespace {

namespace fs = std::filesystem;

std::string output_of(const std::string& command) {
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw Error(ErrorCode::Database, "cannot start pgbench");
  std::string text;
  std::array<char, 4096> buffer{};
  while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe) != nullptr) text += buffer.data();
  if (pclose(pipe) != 0) throw Error(ErrorCode::Database, "pgbench failed: " + text);
  return text;
}

double transactions_per_second(const std::string& output) {
  const std::size_t at = output.rfind("tps = ");
  if (at == std::string::npos) throw Error(ErrorCode::Database, "pgbench says no rate: " + output);
  return std::stod(output.substr(at + 6));
}

/// client, transaction, microseconds, script, seconds and microseconds of the clock, ...; a file for each thread.
void read_logs(const fs::path& folder, PgbenchResult& result) {
  for (const auto& file : fs::directory_iterator(folder)) {
    if (file.path().filename().string().rfind("log", 0) != 0) continue;
    std::ifstream log(file.path());
    for (std::string line; std::getline(log, line);) {
      std::istringstream words(line);
      std::int64_t client = 0, transaction = 0;
      int script = 0;
      double took_us = 0, clock_s = 0, clock_us = 0;
      if (!(words >> client >> transaction >> took_us >> script >> clock_s >> clock_us)) continue;
      result.latency_s.push_back(took_us * 1e-6);
      result.ended_s.push_back(clock_s + clock_us * 1e-6);
    }
  }
}

}  // namespace

PgbenchResult pgbench(const PrivateServer& server, const std::string& database, const PgbenchRun& run) {
  const Folder folder;
  folder.write("script.sql", run.script + "\n");
  const std::string rate = run.per_second > 0 ? fmt::format("--rate={}", run.per_second) : "";
  const std::string output = output_of(fmt::format(
      "{6}/pgbench --no-vacuum --protocol=extended --file={0}/script.sql --client={1} --jobs=2 --time={2} {3} --log --log-prefix={0}/log "
      "--host={4} --username=midflight {5}",
      folder.path().string(), run.clients, run.seconds, rate, server.folder(), database, server_binaries()));
  PgbenchResult result{transactions_per_second(output), {}, {}};
  read_logs(folder.path(), result);
  return result;
}

}  // namespace midflight::testing
