#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace midflight {

/// {"a", "b"} as "a, b", for short expectations.
inline std::string list(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out.append(out.empty() ? "" : ", ").append(name);
  return out;
}

inline testing::AssertionResult has(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "\"" << part << "\" is not in \"" << text << "\"";
}

}  // namespace midflight
