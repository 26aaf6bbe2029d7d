#pragma once

#include <string>
#include <vector>

namespace midflight::io {

/// Rows of cells with a heading; the numbers and words of a report without its
/// looks, so that text, Markdown and HTML show the same table.
struct Table {
  struct Column {
    std::string title;      ///< empty: the same as of the column before it
    std::string note;       ///< second line of the heading: "p95"
    bool number = true;     ///< aligned to the right
  };
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
};

/// Aligned columns two spaces apart, a line under the heading, no trailing spaces.
std::string text_table(const Table& table);
/// The same with cell colours: `paint(row, column, padded cell)`.
std::string text_table(const Table& table, std::string (*paint)(const Table&, std::size_t, std::size_t, std::string));

std::string markdown_table(const Table& table);
std::string html_table(const Table& table);

/// Words broken over lines of at most `width`; later lines start with `indent`.
std::string wrapped(const std::string& text, std::size_t width, const std::string& indent);

/// Text inside HTML.
std::string html_escape(const std::string& text);

}  // namespace midflight::io
