#include "sim/sql/encoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace midflight::sql {
namespace {

constexpr std::size_t kSampleBytes = 4096;
constexpr char32_t kReplacement = 0xFFFD;

std::uint32_t byte_at(std::string_view bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

/// Counts NUL bytes of a sample at even or odd places.
std::size_t nuls_at(std::string_view sample, std::size_t first) {
  std::size_t count = 0;
  for (std::size_t i = first; i < sample.size(); i += 2) count += sample[i] == '\0' ? 1 : 0;
  return count;
}

/// ASCII in UTF-16 has a NUL in every unit, always on the same side.
bool looks_like_utf16(std::string_view sample, bool big_endian) {
  const std::size_t units = sample.size() / 2;
  const std::size_t high = nuls_at(sample, big_endian ? 0 : 1), low = nuls_at(sample, big_endian ? 1 : 0);
  return units >= 4 && high * 10 >= units * 7 && low * 10 <= units;
}

bool is_binary(std::string_view sample) {
  const auto odd = std::count_if(sample.begin(), sample.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && std::string_view("\t\n\v\f\r\x1b").find(c) == std::string_view::npos;
  });
  return sample.size() >= 64 && static_cast<std::size_t>(odd) * 10 > sample.size();
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  const auto tail = [&](int shift) { put(0x80U | ((c >> shift) & 0x3FU)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) return put(0xC0U | (c >> 6U)), tail(0);
  if (c < 0x10000) return put(0xE0U | (c >> 12U)), tail(6), tail(0);
  put(0xF0U | (c >> 18U)), tail(12), tail(6), tail(0);
}

/// Half pairs and an odd last byte become the replacement character.
std::string from_utf16(std::string_view bytes, bool big_endian) {
  std::string out;
  out.reserve(bytes.size() / 2);
  const auto unit = [&](std::size_t i) -> std::uint32_t {
    return big_endian ? byte_at(bytes, i) << 8U | byte_at(bytes, i + 1) : byte_at(bytes, i + 1) << 8U | byte_at(bytes, i);
  };
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    const std::uint32_t first = unit(i);
    if ((first & 0xF800U) != 0xD800U) { append_utf8(out, first); continue; }
    const std::uint32_t second = i + 3 < bytes.size() ? unit(i + 2) : 0;
    const bool pair = first < 0xDC00U && (second & 0xFC00U) == 0xDC00U;
    append_utf8(out, pair ? 0x10000U + ((first & 0x3FFU) << 10U) + (second & 0x3FFU) : kReplacement);
    if (pair) i += 2;
  }
  if (bytes.size() % 2 != 0) append_utf8(out, kReplacement);
  return out;
}

DecodedText utf16(std::string_view bytes, bool big_endian, std::string_view mark) {
  return {from_utf16(bytes, big_endian),
          fmt::format("the file is UTF-16 {}: it is read as such here, but psql and drivers send it as it is and "
                      "PostgreSQL refuses it; save it as UTF-8",
                      mark),
          true};
}

}  // namespace

DecodedText decode(std::string bytes) {
  const std::string_view view = bytes;
  if (view.substr(0, 2) == "\xFF\xFE") return utf16(view.substr(2), false, "with a byte order mark");
  if (view.substr(0, 2) == "\xFE\xFF") return utf16(view.substr(2), true, "with a byte order mark");
  const std::string_view sample = view.substr(0, kSampleBytes);
  if (looks_like_utf16(sample, false)) return utf16(view, false, "without a byte order mark");
  if (looks_like_utf16(sample, true)) return utf16(view, true, "without a byte order mark");
  if (is_binary(sample)) return {"", "this is not a text file", false};
  if (view.substr(0, 3) == "\xEF\xBB\xBF") bytes.erase(0, 3);
  return {std::move(bytes), "", true};
}

}  // namespace midflight::sql
