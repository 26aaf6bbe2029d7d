#include "tests/live/observation.h"

#include <algorithm>

namespace midflight::live {
namespace {

std::string text_of(const std::map<std::string, int>& counts, const char* unit) {
  std::string text;
  for (const auto& [relation, count] : counts) text += " " + relation + " (" + std::to_string(count) + unit + ")";
  return text;
}

}  // namespace

void strengthen(Locks& locks, const std::string& relation, LockMode mode) {
  const auto [at, added] = locks.emplace(relation, mode);
  if (!added) at->second = std::max(at->second, mode);
}

std::string text_of(const Locks& locks) {
  std::string text;
  for (const auto& [relation, mode] : locks) text += " " + relation + ":" + std::string(lock_mode_name(mode));
  return text.empty() ? " none" : text;
}

std::string text_of(const Effects& effects) {
  std::string text = "locks" + text_of(effects.locks);
  if (!effects.rewrites.empty()) text += "; rewrites" + text_of(effects.rewrites, " indexes");
  if (!effects.index_builds.empty()) text += "; builds indexes of" + text_of(effects.index_builds, "");
  if (!effects.scans.empty()) text += "; scans";
  for (const std::string& relation : effects.scans) text += " " + relation;
  return text;
}

std::string text_of(const std::vector<Wait>& waits) {
  std::string text;
  for (const Wait& wait : waits) text += std::string("; waits for ") + name_of(wait.whom) + " holding" + text_of(wait.held);
  return text;
}

const char* name_of(WaitsFor whom) {
  switch (whom) {
    case WaitsFor::Writers: return "writers";
    case WaitsFor::WritersAndReaders: return "writers and readers";
    case WaitsFor::OldSnapshots: break;
  }
  return "old snapshots";
}

}  // namespace midflight::live
