#pragma once

#include <cstddef>
#include <string_view>

#include "sim/kernel/error.h"

namespace midflight::sql {

/// Guards before the grammar sees a text.  The grammar bounds brackets, but a
/// long chain of operators still makes a tree so deep that walking it would
/// run out of stack.

/// Errors: Error(BadInput) where a statement could nest too deeply.
void check_nesting(std::string_view text, const Position& where);
/// Returns: the first byte that is not UTF-8, or npos.
std::size_t first_not_utf8(std::string_view text);
/// Errors: Error(BadInput) at the first byte that is not UTF-8.
void check_encoding(std::string_view text, const Position& where);
/// The end of the (nested) comment that begins at `at`.
std::size_t after_comment(std::string_view text, std::size_t at);

}  // namespace midflight::sql
