#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace midflight::live_replay {

/// Says that it is PostgreSQL of some version, on a port of 127.0.0.1, and
/// answers every statement with that version.
///
/// Source: PostgreSQL manual, "Message Flow" and "Message Formats".
/// Scope:  one connection after the other; no SSL, no password is asked for.
class OldServer {
 public:
  explicit OldServer(std::string version);
  ~OldServer();
  OldServer(const OldServer&) = delete;
  OldServer& operator=(const OldServer&) = delete;
  int port() const { return port_; }

 private:
  void serve();
  void talk(int client) const;

  std::string version_;
  int listener_ = -1, port_ = 0;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace midflight::live_replay
