#include "cli/passwords.h"

#include <cctype>
#include <cstring>

namespace midflight::cli {
namespace {

void blank(char* from, const char* until) {
  while (from < until) *from++ = '*';
}

/// The last @ before the database; a password may hold one itself, and a question mark.
char* end_of_user(char* authority) {
  char* const end = authority + std::strcspn(authority, "/");
  for (char* at = end; at > authority; --at) {
    if (at[-1] == '@') return at - 1;
  }
  return nullptr;
}

bool is_blank(char c) { return c != '\0' && std::strchr(" \t\n\r\f\v", c) != nullptr; }

char* after_blanks(char* at) {
  while (is_blank(*at)) ++at;
  return at;
}

/// As libpq reads it: in quotes, or up to a blank; a backslash keeps what follows it.
char* end_of_value(char* value) {
  const bool quoted = *value == '\'';
  char* at = quoted ? value + 1 : value;
  for (; *at != '\0' && (quoted ? *at != '\'' : !is_blank(*at)); ++at) {
    if (*at == '\\' && at[1] != '\0') ++at;
  }
  return quoted && *at == '\'' ? at + 1 : at;
}

/// Blanks what is given for a keyword that ends there, if anything is.
void blank_value(char* argument, char* keyword, char* end) {
  while (keyword > argument && std::isalnum(static_cast<unsigned char>(keyword[-1])) != 0) --keyword;
  const bool parameter = keyword > argument && (keyword[-1] == '?' || keyword[-1] == '&');
  char* const sign = parameter ? end : after_blanks(end);
  if (*sign != '=') return;
  char* const value = parameter ? sign + 1 : after_blanks(sign + 1);
  blank(value, parameter ? value + std::strcspn(value, "&") : end_of_value(value));
}

}  // namespace

void hide_password(char* argument) {
  if (char* scheme = std::strstr(argument, "://")) {
    char* const end = end_of_user(scheme + 3);
    char* const colon = end != nullptr ? static_cast<char*>(std::memchr(scheme + 3, ':', static_cast<std::size_t>(end - scheme - 3))) : nullptr;
    if (colon != nullptr) blank(colon + 1, end);
  }
  constexpr const char* kKeyword = "password";  // sslpassword ends with it as well
  for (char* found = argument; (found = std::strstr(found, kKeyword)) != nullptr;) {
    char* const end = found + std::strlen(kKeyword);
    blank_value(argument, found, end);
    found = end;
  }
}

}  // namespace midflight::cli
