#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace midflight::python {

/// Yes or no, a byte each.
struct Flags {
  std::vector<std::uint8_t> values;
};

/// Names as small numbers, as data frames keep them.
struct Names {
  std::vector<std::int32_t> codes;
  std::vector<std::string> names;

  void add(const std::string& name);

 private:
  std::map<std::string, std::int32_t, std::less<>> known_;
};

/// The same for millions of rows, whose numbers somebody else has given out.
struct Coded {
  std::vector<std::uint16_t> codes;
  std::vector<std::string> names;

  /// Names that are there twice become one, as data frames demand.
  Coded(std::vector<std::uint16_t> given, const std::vector<std::string>& given_names);
};

using Column = std::variant<std::vector<double>, std::vector<std::int64_t>, Flags, Names, Coded>;

/// A data frame before Python sees it: columns of one length, in order.
using Table = std::vector<std::pair<std::string, Column>>;

/// Column name to a buffer, or to (buffer of codes, list of names).
///
/// Numbers are not copied: each buffer keeps the table alive.
/// Requires: Python's lock is held.
pybind11::dict buffers_of(const std::shared_ptr<const Table>& table);

/// class Buffer of the core.
void bind_columns(pybind11::module_& m);

}  // namespace midflight::python
