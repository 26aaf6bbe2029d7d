#include "tests/live_replay/old_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

namespace midflight::live_replay {
namespace {

constexpr int kPatienceMs = 5000;
constexpr std::uint32_t kMessageMost = 100'000;

std::string number(std::uint32_t value) {
  const std::uint32_t sent = htonl(value);
  return {reinterpret_cast<const char*>(&sent), sizeof sent};
}

std::string count(std::uint16_t value) {
  const std::uint16_t sent = htons(value);
  return {reinterpret_cast<const char*>(&sent), sizeof sent};
}

std::string text(const std::string& value) { return value + '\0'; }

std::string message(char kind, const std::string& body) { return kind + number(static_cast<std::uint32_t>(body.size() + 4)) + body; }

std::string greeting(const std::string& version) {
  return message('R', number(0)) + message('S', text("server_version") + text(version)) + message('S', text("client_encoding") + text("UTF8")) +
         message('K', number(1) + number(2)) + message('Z', "I");
}

std::string answer(const std::string& version) {
  const std::string column = text("version") + number(0) + count(0) + number(25) + count(65535) + number(0xFFFFFFFF) + count(0);
  return message('T', count(1) + column) + message('D', count(1) + number(static_cast<std::uint32_t>(version.size())) + version) +
         message('C', text("SELECT 1")) + message('Z', "I");
}

bool readable(int socket) {
  pollfd one{socket, POLLIN, 0};
  return poll(&one, 1, kPatienceMs) > 0;
}

bool receive(int client, std::string& bytes, std::size_t size) {
  bytes.resize(size);
  for (std::size_t got = 0; got < size;) {
    if (!readable(client)) return false;
    const ssize_t more = recv(client, bytes.data() + got, size - got, 0);
    if (more <= 0) return false;
    got += static_cast<std::size_t>(more);
  }
  return true;
}

bool receive_body(int client, std::string& body) {
  if (!receive(client, body, 4)) return false;
  std::uint32_t length = 0;
  body.copy(reinterpret_cast<char*>(&length), 4);
  length = ntohl(length);
  return length >= 4 && length < kMessageMost && receive(client, body, length - 4);
}

bool tell(int client, const std::string& bytes) { return send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()); }

}  // namespace

OldServer::OldServer(std::string version) : version_(std::move(version)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
  listen(listener_, 8);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

OldServer::~OldServer() {
  over_ = true;
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

void OldServer::serve() {
  while (!over_) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    talk(client);
    close(client);
  }
}

void OldServer::talk(int client) const {
  std::string kind, body;
  if (!receive_body(client, body) || !tell(client, greeting(version_))) return;
  while (receive(client, kind, 1) && receive_body(client, body)) {
    if (kind == "X") return;
    if (kind == "Q" && !tell(client, answer(version_))) return;
  }
}

}  // namespace midflight::live_replay
