#include "sim/io/yaml_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace midflight::io {
namespace {

[[noreturn]] void refuse(const std::string& path, const Position& asked_from, const std::string& why) {
  const Position where = asked_from.file.empty() ? Position{path, 0, 0} : asked_from;
  throw Error(ErrorCode::BadInput, asked_from.file.empty() ? why : fmt::format("`{}`: {}", path, why), where);
}

/// Bytes of the UTF-8 sequence at the front of `text`; 0 when it is broken.
/// Surrogates, overlong forms and code points above U+10FFFF are broken too.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const unsigned char second = byte(1);
  if (first == 0xe0 && second < 0xa0) return 0;
  if (first == 0xed && second > 0x9f) return 0;
  if (first == 0xf0 && second < 0x90) return 0;
  if (first == 0xf4 && second > 0x8f) return 0;
  return length;
}

bool forbidden_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x7f || (byte < 0x20 && c != '\t' && c != '\n' && c != '\r');
}

/// Levenshtein distance; both words are short.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string read_text_file(const std::string& path, std::size_t bytes_max, const Position& asked_from) {
  namespace fs = std::filesystem;
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (!fs::exists(status)) refuse(path, asked_from, "there is no such file");
  if (fs::is_directory(status)) refuse(path, asked_from, "is a directory, not a file");
  std::ifstream in(path, std::ios::binary);
  if (!in) refuse(path, asked_from, "cannot be opened for reading");

  // Never more than the bound: the path may be a pipe or a device.
  std::string text(bytes_max + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) refuse(path, asked_from, "cannot be read");
  if (text.size() > bytes_max) {
    refuse(path, asked_from, fmt::format("is larger than {} MiB, the most that is read", bytes_max >> 20));
  }
  require_text(text, path);
  return text;
}

void require_text(std::string_view text, const std::string& file) {
  int line = 1, column = 1;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text.substr(at));
    const bool control = length == 1 && forbidden_control(text[at]);
    if (length == 0 || control) {
      throw Error(ErrorCode::BadInput,
                  fmt::format("this is not text: {} 0x{:02x}", control ? "control byte" : "not valid UTF-8, byte",
                              static_cast<unsigned char>(text[at])),
                  {file, line, column});
    }
    column = text[at] == '\n' ? 1 : column + static_cast<int>(length);
    line += text[at] == '\n' ? 1 : 0;
    at += length;
  }
}

std::string nearest_word(std::string_view word, const std::vector<std::string_view>& known) {
  constexpr std::size_t kLongestWord = 64;
  if (word.empty() || word.size() > kLongestWord) return {};
  std::string_view best;
  std::size_t fewest = word.size() / 3 + 2;
  for (const std::string_view candidate : known) {
    const std::size_t distance = edits(word, candidate);
    if (distance < fewest && distance < candidate.size()) {
      fewest = distance;
      best = candidate;
    }
  }
  return std::string(best);
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string nearest = nearest_word(word, known);
  return nearest.empty() ? "" : fmt::format("; did you mean `{}`?", nearest);
}

std::string word_list(const std::vector<std::string>& words, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? fmt::format(" {} ", last) : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace midflight::io
