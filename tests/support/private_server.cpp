#include "tests/support/private_server.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "sim/kernel/error.h"
#include "tests/support/server_process.h"

namespace midflight::testing {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr auto kStartMax = std::chrono::seconds(30);
constexpr int kStopMaxMs = 10'000;
constexpr int kWatchMs = 200;

// Memory is eight times as fast as a busy disk at making databases; half a
// gigabyte holds a server and the database of a case.
bool has_room_in_memory() {
  std::error_code none;
  const fs::space_info room = fs::space("/dev/shm", none);
  return !none && room.available != static_cast<std::uintmax_t>(-1) && room.available > 512'000'000 &&
         access("/dev/shm", W_OK) == 0;
}

std::string new_folder(const Account& account) {
  // Short: the path of a socket has 107 characters.
  std::string name = std::string(has_room_in_memory() ? "/dev/shm" : "/tmp") + "/midflight-server-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw Error(ErrorCode::Database, "no temporary folder can be made as " + name);
  if (account.other && chown(name.c_str(), account.user, account.group) != 0) {
    throw Error(ErrorCode::Database, name + " cannot be given to the server's user");
  }
  return name;
}

std::string log_of(const std::string& folder) { return folder + "/log"; }
std::string failure_of(const std::string& folder) { return folder + "/failure"; }

std::string log_tail(const std::string& folder) {
  std::ifstream in(log_of(folder));
  std::stringstream text;
  text << in.rdbuf();
  const std::string all = text.str();
  return all.size() > 600 ? all.substr(all.size() - 600) : all;
}

// A checkout below /root is closed to the server's user: a copy then serves.
std::string usable_binaries(const std::string& folder, const Account& account) {
  const std::string installed = server_binaries();
  if (run_as(account, {installed + "/postgres", "--version"}, log_of(folder)) == 0) return installed;
  const fs::path copy = fs::path(folder) / "server";
  fs::copy(fs::path(installed).parent_path(), copy, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  return copy / "bin";
}

void make_cluster(const std::string& binaries, const std::string& folder, const Account& account) {
  const std::vector<std::string> command = {binaries + "/initdb", "-D", folder + "/data", "-U", "midflight", "-A", "trust",
                                            "-E", "UTF8", "--locale=C", "--no-sync"};
  if (run_as(account, command, log_of(folder)) != 0) {
    throw Error(ErrorCode::Database, "initdb failed:\n" + log_tail(folder));
  }
}

std::vector<std::string> server_command(const std::string& binaries, const std::string& folder,
                                        const std::vector<std::string>& settings) {
  std::vector<std::string> command = {binaries + "/postgres", "-D", folder + "/data", "-k", folder, "-h", ""};
  for (const char* setting : {"fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off",
                              "shared_buffers=32MB", "max_connections=40", "max_prepared_transactions=4",
                              "max_parallel_workers=0", "max_parallel_maintenance_workers=0", "jit=off", "max_wal_size=64MB", "min_wal_size=32MB",
                              "log_min_messages=fatal", "log_min_error_statement=panic"}) {
    command.emplace_back("-c");
    command.emplace_back(setting);
  }
  for (const std::string& setting : settings) command.insert(command.end(), {"-c", setting});
  return command;
}

/// A child that may have ended by itself; its number is not used again then.
class Server {
 public:
  explicit Server(pid_t process) : process_(process) {}
  bool ended() {
    if (process_ > 0 && waitpid(process_, nullptr, WNOHANG) != 0) process_ = 0;
    return process_ == 0;
  }
  void stop(int signal) {
    if (ended()) return;
    kill(process_, signal);
    for (int waited = 0; waited < kStopMaxMs && !ended(); waited += 10) usleep(10'000);
    if (ended()) return;
    kill(process_, SIGQUIT);
    waitpid(process_, nullptr, 0);
  }

 private:
  pid_t process_;
};

/// Returns: the signal that the server is to be restarted with; 0 when all is over.
int wait_for_order(int leash, Server& server) {
  pollfd order{leash, POLLIN, 0};
  while (poll(&order, 1, kWatchMs) == 0 && !server.ended()) {
  }
  unsigned char signal = 0;
  return (order.revents & POLLIN) != 0 && read(leash, &signal, 1) == 1 ? signal : 0;
}

void serve(int leash, const std::string& folder, const Account& account, const std::vector<std::string>& settings) {
  const std::string binaries = usable_binaries(folder, account);
  make_cluster(binaries, folder, account);
  for (;;) {
    Server server(start_as(account, server_command(binaries, folder, settings), log_of(folder)));
    const int signal = wait_for_order(leash, server);
    server.stop(signal != 0 ? signal : SIGINT);
    if (signal == 0) return;
  }
}

// The guard's life: the folder exists as long as it does.
[[noreturn]] void guard(int leash, const std::string& folder, const Account& account, const std::vector<std::string>& settings) {
  setsid();  // Ctrl-C is for the test program; what follows from it is for us
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) signal(number, SIG_IGN);
  try {
    serve(leash, folder, account, settings);
  } catch (const std::exception& e) {
    std::ofstream(failure_of(folder)) << e.what() << std::flush;
    pollfd end{leash, POLLIN, 0};
    poll(&end, 1, -1);
  }
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  _exit(0);
}

}  // namespace

PrivateServer::PrivateServer(const std::vector<std::string>& settings) {
  const Account account = server_account();
  folder_ = new_folder(account);
  int ends[2];
  MIDFLIGHT_CHECK(pipe2(ends, O_CLOEXEC) == 0);
  guard_ = fork();
  MIDFLIGHT_CHECK(guard_ >= 0);
  if (guard_ == 0) {
    close(ends[1]);
    guard(ends[0], folder_, account, settings);
  }
  close(ends[0]);
  leash_ = ends[1];
  await_start();
}

// Tries until it works: a server that starts refuses connections for a while.
void PrivateServer::await_start() {
  const auto deadline = steady_clock::now() + kStartMax;
  for (;;) {
    std::string why;
    try {
      connect();
      return;
    } catch (const Error& e) {
      why = e.what();
    }
    if (fs::exists(failure_of(folder_)) || steady_clock::now() >= deadline) fail(why);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void PrivateServer::fail(std::string why) {
  if (std::ifstream said(failure_of(folder_)); said) {
    std::stringstream text;
    text << said.rdbuf();
    why = text.str();
  }
  why += "\n" + log_tail(folder_);
  let_go();
  throw Error(ErrorCode::Database, "the private server does not start: " + why);
}

void PrivateServer::restart(int signal) const {
  const auto order = static_cast<unsigned char>(signal);
  MIDFLIGHT_CHECK(write(leash_, &order, 1) == 1);
}

void PrivateServer::let_go() {
  close(leash_);
  waitpid(guard_, nullptr, 0);
}

PrivateServer::~PrivateServer() { let_go(); }

std::string PrivateServer::uri(const std::string& database) const {
  return "host=" + folder_ + " user=midflight dbname=" + database;
}

backends::PostgresConnection PrivateServer::connect(const std::string& database) const {
  return backends::PostgresConnection(uri(database));
}

}  // namespace midflight::testing
