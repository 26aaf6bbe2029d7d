#pragma once

#include <string>
#include <string_view>

#include "sim/io/histories/framework.h"

namespace midflight::io {

/// The lines from `-- MARK Up` to `-- MARK Down`, for tools whose marks look
/// alike ("+goose", "+migrate").  `no_transaction`, anywhere in the file or
/// behind Up, turns the tool's transaction off.
UpPart marked_part(std::string_view text, const std::string& path, std::string_view tool, std::string_view mark,
                   std::string_view no_transaction);

/// "1_a.sql has a line `-- +goose Up`", or nothing.
std::string why_marked(const Candidate& file, std::string_view mark);

/// By the number at the begin of the name.
Place place_by_number(const Candidate& file, Plans&);

}  // namespace midflight::io
