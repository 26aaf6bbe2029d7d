#pragma once

#include <string>

namespace midflight::sql {

/// A text as UTF-8, and what has to be said of the bytes it came from.
struct DecodedText {
  std::string text;      ///< without a byte order mark
  std::string note;      ///< empty when there is nothing to say
  bool is_text = true;   ///< false: bytes that no editor would show; `text` is empty
};

/// Recognises UTF-16 with and without a byte order mark, and bytes that are no
/// text at all.  Single bytes that are not UTF-8 stay as they are.
DecodedText decode(std::string bytes);

}  // namespace midflight::sql
