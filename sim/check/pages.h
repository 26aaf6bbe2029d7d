#pragma once

#include <map>
#include <string>

#include "sim/check/rule.h"

namespace midflight::check {

/// The page of a rule in Markdown: what happens, what to do, both examples.
std::string rule_page_text(const Rule& rule);

/// Every page under docs/rules, by file name, the index (README.md) among them.
std::map<std::string, std::string> rule_pages();

}  // namespace midflight::check
