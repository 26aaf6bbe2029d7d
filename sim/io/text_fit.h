#pragma once

#include <cstddef>
#include <vector>

#include "sim/io/text_table.h"

namespace midflight::io {

/// A table as a page of 100 columns has room for it.
struct FittedTable {
  Table table;
  std::vector<std::size_t> widths;
  std::size_t gap = 2;                ///< between columns
};

/// Gives way step by step, no further than it must: columns come closer; the
/// words of the last column are cut.  Where that holds numbers, these lose
/// their spaces ("40.1s"), long times their second unit ("7.4d" for "7d 10h"),
/// and only then are the words of the first column cut.
FittedTable fitted(Table table);

}  // namespace midflight::io
