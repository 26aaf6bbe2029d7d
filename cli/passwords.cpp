#include "cli/passwords.h"

#include <cstring>

namespace midflight::cli {
namespace {

void blank(char* from, const char* until) {
  while (from < until) *from++ = '*';
}

/// The last @ before the host ends; a password may hold one itself.
char* end_of_user(char* authority) {
  char* const end = authority + std::strcspn(authority, "/?");
  for (char* at = end; at > authority; --at) {
    if (at[-1] == '@') return at - 1;
  }
  return nullptr;
}

}  // namespace

void hide_password(char* argument) {
  if (char* scheme = std::strstr(argument, "://")) {
    char* const end = end_of_user(scheme + 3);
    char* const colon = end != nullptr ? static_cast<char*>(std::memchr(scheme + 3, ':', static_cast<std::size_t>(end - scheme - 3))) : nullptr;
    if (colon != nullptr) blank(colon + 1, end);
  }
  if (char* keyword = std::strstr(argument, "password=")) {
    char* const value = keyword + std::strlen("password=");
    blank(value, value + std::strcspn(value, "& "));
  }
}

}  // namespace midflight::cli
