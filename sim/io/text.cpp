#include "sim/io/text.h"

#include <fmt/core.h>

#include "sim/io/differences.h"
#include "sim/io/text_number.h"
#include "sim/io/text_tables.h"
#include "sim/io/text_words.h"
#include "sim/io/timeline.h"

namespace midflight::io {

namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kVerdictColumn = 1;

const char* colour_of(std::string_view verdict) {
  if (verdict.substr(0, 4) == "safe") return "\x1b[32m";
  if (verdict.substr(0, 8) == "degraded") return "\x1b[33m";
  if (verdict.substr(0, 7) == "refused") return "\x1b[2m";
  return "\x1b[31m";
}

std::string paint_verdict(const Table&, std::size_t, std::size_t column, std::string cell) {
  return column == kVerdictColumn ? fmt::format("{}{}\x1b[0m", colour_of(cell), cell) : cell;
}

std::string bold(const std::string& text, const TextOptions& options) {
  return options.colour ? fmt::format("\x1b[1m{}\x1b[0m", text) : text;
}

std::string paragraph(const std::string& text) { return wrapped(text, kWidth, "") + "\n"; }

std::string why_text(const StrategyResult& s) {
  std::string sentences;
  for (const std::string& reason : reasons(s)) sentences += fmt::format(" {}", reason);
  return wrapped(fmt::format("{}:{}", s.name, sentences), kWidth, "  ") + "\n";
}

std::string bullets(const std::vector<std::string>& sentences, const std::string& prefix = "") {
  std::string out;
  for (const std::string& s : sentences) out += fmt::format("- {}\n", wrapped(prefix + s, kWidth - 2, "  "));
  return out;
}

std::string assumptions_text(const Result& result) {
  std::string out = bullets(result.assumptions);
  for (const StrategyResult& s : result.strategies) out += bullets(s.assumptions, s.name + ": ");
  return out.empty() ? out : fmt::format("\nAssumed\n{}", out);
}

}  // namespace

std::string compare_text(const Result& result, const TextOptions& options) {
  std::string out = paragraph(title(result)) + bold(paragraph(advice(result)), options) + "\n";
  const Table table = comparison_table(result);
  out += options.colour ? text_table(table, paint_verdict) : text_table(table);
  out += "\n";
  for (const StrategyResult& s : result.strategies) out += why_text(s);
  return out + assumptions_text(result);
}

std::string simulate_text(const Result& result, const TextOptions& options) {
  const StrategyResult& s = result.strategies.front();
  std::string out = paragraph(title(result));
  out += bold(paragraph(fmt::format("{} is {}:", s.name, verdict_name(s.verdict))), options);
  for (const std::string& reason : reasons(s)) out += paragraph(reason);
  out += fmt::format("\n{}", text_table(quantity_table(s)));
  if (!s.errors.empty()) out += fmt::format("\n{}", text_table(error_table(s)));
  out += fmt::format("\n{}", text_table(step_table(s)));
  if (!s.critical_path.empty()) out += "\n" + paragraph(critical_path_text(s));
  if (!s.timeline.empty()) out += fmt::format("\n{}\n{}", told_run(result, s), timeline_text(s.timeline, kWidth));
  return out + assumptions_text(result);
}

std::string replay_text(const ReplayResult& replay, const TextOptions& options) {
  const StrategyResult& s = replay.predicted.strategies.front();
  std::string out = paragraph(fmt::format("{} - {} on {} {}", replay.predicted.scenario, s.name, replay.backend,
                                          replay.server_version));
  if (replay.scale != 1) out += paragraph(fmt::format("Waits and soaks are divided by {}.", replay.scale));
  const std::string valid =
      replay.valid ? "The replay is valid." : fmt::format("The replay is NOT valid: {}", replay.invalid_reason);
  out += bold(paragraph(valid), options);
  const std::string completion = completion_text(replay);
  if (!completion.empty()) out += bold(paragraph(completion), options);
  out += fmt::format("\n{}\n{}", paragraph(paired_text(replay)), text_table(replay_table(replay)));
  if (!replay.step_errors.empty()) out += fmt::format("\n{}", text_table(replay_step_table(replay)));
  if (!replay.repetitions.empty()) out += fmt::format("\n{}", text_table(repetition_table(replay)));
  const std::vector<std::string> notes = replay_notes(replay);
  if (!notes.empty()) out += "\n" + bullets(notes);
  const std::string timelines = timelines_text(replay.paired.timeline, replay.measured.timeline, kWidth);
  if (!timelines.empty()) out += "\n" + timelines;
  const std::vector<std::string> differences = largest_differences(replay);
  if (!differences.empty()) out += "\nFurthest apart, with the likely reason\n" + bullets(differences);
  if (!replay.data_check.empty()) out += fmt::format("\n{}", paragraph("Data: " + replay.data_check));
  return out + assumptions_text(replay.predicted);
}

}  // namespace midflight::io
