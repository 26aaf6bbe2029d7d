#include "sim/io/text_table.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "sim/io/text_fit.h"
#include "sim/io/text_number.h"

namespace midflight::io {

namespace {

void end_line(std::string& out) {
  while (!out.empty() && out.back() == ' ') out.pop_back();
  out += '\n';
}

std::string heading_line(const Table& table, const std::vector<std::size_t>& widths, std::size_t gap,
                         std::string Table::Column::*text) {
  std::string out;
  for (std::size_t c = 0; c < widths.size(); ++c) {
    out += std::string(c > 0 ? gap : 0, ' ');
    out += padded(table.columns[c].*text, widths[c], table.columns[c].number);
  }
  end_line(out);
  return out;
}

std::string heading(const Table& table, const std::vector<std::size_t>& widths, std::size_t gap) {
  std::string out = heading_line(table, widths, gap, &Table::Column::title);
  const bool notes = std::any_of(table.columns.begin(), table.columns.end(), [](const auto& c) { return !c.note.empty(); });
  if (notes) out += heading_line(table, widths, gap, &Table::Column::note);
  for (std::size_t c = 0; c < widths.size(); ++c) out += std::string(c > 0 ? gap : 0, ' ') + std::string(widths[c], '-');
  return out + "\n";
}

std::string unpainted(const Table&, std::size_t, std::size_t, std::string cell) { return cell; }

std::string one_line(std::string cell) {
  std::replace(cell.begin(), cell.end(), '\n', ' ');
  for (std::size_t at = 0; (at = cell.find('|', at)) != std::string::npos; at += 2) cell.insert(at, 1, '\\');
  return cell;
}

/// A column without a title shares the one before it.
std::string titled(const Table& table, std::size_t column) {
  std::size_t named = column;
  while (named > 0 && table.columns[named].title.empty()) --named;
  const std::string& note = table.columns[column].note;
  return note.empty() ? table.columns[named].title : fmt::format("{} ({})", table.columns[named].title, note);
}

}  // namespace

std::string text_table(const Table& whole, std::string (*paint)(const Table&, std::size_t, std::size_t, std::string)) {
  const auto [table, widths, gap] = fitted(whole);
  std::string out = heading(table, widths, gap);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    for (std::size_t c = 0; c < table.rows[r].size(); ++c) {
      out += std::string(c > 0 ? gap : 0, ' ');
      out += paint(table, r, c, padded(table.rows[r][c], widths[c], table.columns[c].number));
    }
    end_line(out);
  }
  return out;
}

std::string text_table(const Table& table) { return text_table(table, unpainted); }

std::string markdown_table(const Table& table) {
  std::string out = "|", rule = "|";
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    out += fmt::format(" {} |", one_line(titled(table, c)));
    rule += table.columns[c].number ? " ---: |" : " --- |";
  }
  out += "\n" + rule + "\n";
  for (const auto& row : table.rows) {
    out += "|";
    for (const std::string& cell : row) out += fmt::format(" {} |", one_line(cell));
    out += "\n";
  }
  return out;
}

std::string html_table(const Table& table) {
  std::string out = "<table>\n<tr>";
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    out += fmt::format("<th{}>{}</th>", table.columns[c].number ? " class=\"n\"" : "", html_escape(titled(table, c)));
  }
  out += "</tr>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c) {
      out += fmt::format("<td{}>{}</td>", table.columns[c].number ? " class=\"n\"" : "", html_escape(row[c]));
    }
    out += "</tr>\n";
  }
  return out + "</table>\n";
}

namespace {

/// Where the word at `at` ends; "1.5 ms" is one word, so that no line begins with a unit.
std::size_t word_end(const std::string& text, std::size_t at) {
  const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
  const bool number = text[at] >= '0' && text[at] <= '9';
  if (!number || end + 1 >= text.size()) return end;
  const std::size_t next = std::min(text.find_first_of(" \n.,;:)", end + 1), text.size());
  const std::string_view unit = std::string_view(text).substr(end + 1, next - end - 1);
  if (unit != "s" && unit != "ms" && unit != "M" && unit != "G") return end;
  return std::min(text.find_first_of(" \n", next), text.size());
}

}  // namespace

std::string wrapped(const std::string& text, std::size_t width, const std::string& indent) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = word_end(text, at);
    const std::string_view word = std::string_view(text).substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    const std::size_t length = display_width(word);
    if (column > 0 && column + 1 + length > width) {
      out += "\n" + indent;
      column = display_width(indent);
    } else if (column > 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += length;
  }
  return out;
}

std::string html_escape(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace midflight::io
