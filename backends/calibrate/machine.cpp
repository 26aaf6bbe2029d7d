#include "backends/calibrate/machine.h"

#include <fmt/core.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "backends/postgres/server_facts.h"

namespace midflight::backends {
namespace {

/// FNV-1a, 64 bits.
std::uint64_t hash_of(const std::string& text) {
  std::uint64_t hash = 14'695'981'039'346'656'037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211ULL;
  return hash;
}

std::string processor_model() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("model name", 0) == 0) return line;
  }
  return "unknown";
}

// To the gigabyte: what a kernel keeps for itself changes with its version.
long memory_gigabytes() { return static_cast<long>(sysconf(_SC_PHYS_PAGES)) / (1'000'000'000 / sysconf(_SC_PAGESIZE)); }

}  // namespace

std::string local_fingerprint() {
  const std::string machine = fmt::format("{} {} {}", processor_model(), std::thread::hardware_concurrency(), memory_gigabytes());
  return fmt::format("local {:016x}", hash_of(machine));
}

std::string stranger(const cost::Profile& profile, PostgresConnection& session) {
  std::string why;
  if (!profile.machine.empty() && profile.machine != machine_fingerprint(session)) why = "another machine";
  const std::string kind = "PostgreSQL ", server = session.value("SELECT current_setting('server_version')");
  const std::string other = profile.server.starts_with(kind) ? profile.server.substr(kind.size()) : "";
  const auto major = [](const std::string& version) { return version.substr(0, version.find_first_not_of("0123456789")); };
  if (!other.empty() && major(other) != major(server)) why += (why.empty() ? "" : ", ") + profile.server + ", the server is " + server;
  return why;
}

std::string machine_fingerprint(PostgresConnection& session) {
  if (on_this_machine(session)) return local_fingerprint();
  const PostgresReply reply = session.run("SELECT system_identifier FROM pg_control_system()");
  const std::string identity = reply.ok() && !reply.rows.empty() && reply.rows[0][0] ? *reply.rows[0][0] : session.value("SELECT version()");
  return fmt::format("remote {:016x}", hash_of(identity));
}

}  // namespace midflight::backends
