#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace midflight {
namespace called_parts {

template <class Word>
Word word(const char* at) {
  Word bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

/// Requires: both have `size` bytes, at least those of a Word.
/// Returns: false if they differ in their first or last ones.
template <class Word>
bool ends_agree(const char* a, const char* b, std::size_t size) {
  const std::size_t last = size - sizeof(Word);
  return word<Word>(a + last) == word<Word>(b + last) && word<Word>(a) == word<Word>(b);
}

}  // namespace called_parts

/// Is this the name?  Lists of names are searched from end to end, and names of
/// one length often share their beginning or their end (t17_idx, t18_idx): both
/// ends are compared as two numbers, and only what lies between them as text.
inline bool is_called(const std::string& name, std::string_view wanted) {
  const std::size_t size = name.size();
  if (size != wanted.size()) return false;
  const char* a = name.data();
  const char* b = wanted.data();
  if (size >= 8) return called_parts::ends_agree<std::uint64_t>(a, b, size) && (size <= 16 || name == wanted);
  if (size >= 4) return called_parts::ends_agree<std::uint32_t>(a, b, size);
  if (size >= 2) return called_parts::ends_agree<std::uint16_t>(a, b, size);
  return size == 0 || *a == *b;
}

}  // namespace midflight
