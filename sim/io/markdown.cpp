#include "sim/io/markdown.h"

#include "sim/io/differences.h"

#include <fmt/core.h>

#include "sim/io/text_tables.h"
#include "sim/io/text_words.h"
#include "sim/io/timeline.h"

namespace midflight::io {

namespace {

constexpr std::size_t kTimelineWidth = 100;

/// Names such as v1_users or a * in SQL are not emphasis.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '*' || c == '_' || c == '`' || c == '<' || c == '[' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string why_item(const StrategyResult& s) {
  std::string sentences;
  for (const std::string& reason : reasons(s)) sentences += fmt::format(" {}", reason);
  return fmt::format("- **{}** ({}):{}\n", escaped(s.name), verdict_name(s.verdict), escaped(sentences));
}

std::string assumptions(const Result& result) {
  std::string out;
  for (const std::string& sentence : result.assumptions) out += fmt::format("- {}\n", escaped(sentence));
  for (const StrategyResult& s : result.strategies) {
    for (const std::string& sentence : s.assumptions) out += fmt::format("- {}: {}\n", escaped(s.name), escaped(sentence));
  }
  return out.empty() ? out : fmt::format("\n### Assumed\n\n{}", out);
}

}  // namespace

std::string compare_markdown(const Result& result) {
  std::string out = fmt::format("## {}\n\n**{}**\n\n{}\n", escaped(title(result)), escaped(advice(result)),
                                markdown_table(comparison_table(result)));
  for (const StrategyResult& s : result.strategies) out += why_item(s);
  return out + assumptions(result);
}

std::string simulate_markdown(const Result& result) {
  const StrategyResult& s = result.strategies.front();
  std::string out = fmt::format("## {}\n\n{}\n{}\n", escaped(title(result)), why_item(s), markdown_table(quantity_table(s)));
  if (!s.errors.empty()) out += fmt::format("### Errors\n\n{}\n", markdown_table(error_table(s)));
  out += fmt::format("### Steps\n\n{}", markdown_table(step_table(s)));
  if (!s.critical_path.empty()) out += fmt::format("\n{}\n", escaped(critical_path_text(s)));
  if (!s.timeline.empty()) out += fmt::format("\n```text\n{}```\n", timeline_text(s.timeline, kTimelineWidth));
  return out + assumptions(result);
}

std::string replay_markdown(const ReplayResult& replay) {
  const StrategyResult& s = replay.predicted.strategies.front();
  std::string out = fmt::format("## {} - {} on {} {}\n\n{}\n\n", escaped(replay.predicted.scenario), escaped(s.name),
                                replay.backend, replay.server_version,
                                replay.valid ? "The replay is valid."
                                             : fmt::format("**The replay is not valid:** {}", escaped(replay.invalid_reason)));
  const std::string completion = completion_text(replay);
  if (!completion.empty()) out += fmt::format("**{}**\n\n", escaped(completion));
  out += fmt::format("{}\n\n{}", escaped(paired_text(replay)), markdown_table(replay_table(replay)));
  if (!replay.step_errors.empty()) out += fmt::format("\n### Steps\n\n{}", markdown_table(replay_step_table(replay)));
  if (!replay.repetitions.empty()) out += fmt::format("\n### Repetitions\n\n{}", markdown_table(repetition_table(replay)));
  for (const std::string& difference : largest_differences(replay)) out += fmt::format("\n- {}\n", escaped(difference));
  for (const std::string& note : replay_notes(replay)) out += fmt::format("\n{}\n", escaped(note));
  if (!replay.data_check.empty()) out += fmt::format("\nData: {}\n", escaped(replay.data_check));
  return out + assumptions(replay.predicted);
}

}  // namespace midflight::io
