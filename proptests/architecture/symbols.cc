#include "proptests/architecture/symbols.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "proptests/architecture/text.h"

namespace quickbite::architecture {
namespace {

constexpr std::array kSymbols = {
    // clocks
    "clock", "clock_gettime", "clock_nanosleep", "gettimeofday", "time", "times", "localtime",
    "localtime_r", "gmtime", "gmtime_r", "mktime", "nanosleep", "usleep", "sleep",
    // randomness
    "rand", "rand_r", "srand", "random", "srandom", "drand48", "lrand48", "getrandom", "getentropy",
    "arc4random",
    // threads and processes
    "pthread_create", "pthread_mutex_lock", "pthread_cond_wait", "pthread_rwlock_wrlock", "fork",
    "vfork", "execve", "system", "signal", "sigaction", "raise", "kill", "syscall",
    // sockets
    "socket", "connect", "bind", "listen", "accept", "send", "sendto", "recv", "recvfrom", "poll",
    "select", "epoll_wait", "getaddrinfo",
    // files and printing
    "open", "open64", "openat", "close", "read", "write", "pread", "pwrite", "lseek", "stat",
    "unlink", "rename", "mmap", "fopen", "fopen64", "fclose", "fread", "fwrite", "fputs", "fputc",
    "fgets", "putchar", "puts", "perror", "printf", "vprintf", "fprintf", "vfprintf", "dprintf",
    "__printf_chk", "__fprintf_chk", "stdin", "stdout", "stderr",
    // the surroundings
    "getenv", "secure_getenv", "setenv", "getpid", "gethostname", "setlocale", "localeconv", "exit",
    "atexit"};

// Beginnings of demangled names.
constexpr std::array kPrefixes = {"std::chrono::",
                                  "std::random_device",
                                  "std::thread",
                                  "std::this_thread",
                                  "std::condition_variable",
                                  "std::cout",
                                  "std::cerr",
                                  "std::clog",
                                  "std::cin",
                                  "std::ios_base::Init",
                                  "std::basic_filebuf",
                                  "std::basic_ifstream",
                                  "std::basic_ofstream",
                                  "std::basic_fstream",
                                  "std::filesystem",
                                  "std::_Hash_bytes",
                                  "std::__detail::_Prime_rehash_policy"};

bool is_denied(std::string_view symbol) {
  const std::string_view bare = symbol.substr(0, symbol.find('@'));
  if (std::ranges::find(kSymbols, bare) != kSymbols.end()) return true;
  return std::ranges::any_of(kPrefixes,
                             [&](std::string_view prefix) { return symbol.starts_with(prefix); });
}

bool is_mutable_section(std::string_view section) {
  if (section == "*COM*") return true;
  if (section.starts_with(".data.rel.ro")) return false;
  return std::ranges::any_of(
      std::array{".data", ".bss", ".tdata", ".tbss"}, [&](std::string_view name) {
        return section == name || section.starts_with(std::string(name) + ".");
      });
}

// The personality's indirection, which the compiler itself puts into every position-independent
// object.
bool is_the_compilers(std::string_view name) {
  return name.starts_with("DW.ref.");
}

// "quickbite::Relay::step(…)", "quickbite::Delivery<quickbite::OrdersService>::step(…)": the machine, or "".
std::string machine_of(std::string_view symbol) {
  constexpr std::string_view kSpace = "quickbite::";
  const auto call = symbol.find("::step(std::variant<quickbite::Start,");
  if (call == symbol.npos || !symbol.starts_with(kSpace)) return "";
  return std::string(symbol.substr(kSpace.size(), call - kSpace.size()));
}

bool is_visibility(std::string_view word) {
  return word == ".hidden" || word == ".internal" || word == ".protected";
}

}  // namespace

Findings symbol_findings(std::string_view library, std::string_view nm) {
  Findings findings;
  std::string member;
  for (const std::string_view line : lines_of(nm)) {
    if (line.ends_with(":")) member = std::string(line.substr(0, line.size() - 1));
    const auto at = line.find("U ");
    if (at == line.npos || line.find_first_not_of(' ') != at) continue;
    const std::string_view symbol = line.substr(at + 2);
    if (is_denied(symbol)) {
      findings.push_back({std::string(library), 0, member + " calls " + std::string(symbol)});
    }
  }
  return findings;
}

// A line is "ADDRESS FLAGS SECTION\tSIZE NAME"; the flags are seven columns, the last of them O for
// an object.
Findings object_findings(std::string_view library, std::string_view objdump) {
  Findings findings;
  std::string member;
  for (const std::string_view line : lines_of(objdump)) {
    const auto tab = line.find('\t');
    if (tab == line.npos) {
      const auto colon = line.find(": ");
      if (colon != line.npos && line.find("file format") != line.npos)
        member = std::string(line.substr(0, colon));
      continue;
    }
    const auto head = words_of(line.substr(0, tab));
    const auto tail = words_of(line.substr(tab + 1));
    if (head.size() < 2 || tail.size() < 2 || !is_mutable_section(head.back())) continue;
    const bool sized = tail.front().find_first_not_of('0') != std::string_view::npos;
    const std::string_view first = is_visibility(tail[1]) && tail.size() > 2 ? tail[2] : tail[1];
    const std::string_view name = line.substr(static_cast<std::size_t>(first.data() - line.data()));
    if (!sized || is_the_compilers(name)) continue;
    findings.push_back({std::string(library), 0,
                        member + " holds the mutable object " + std::string(name) + " in " +
                            std::string(head.back())});
  }
  return findings;
}

// A line is "ADDRESS TYPE NAME", without the address where the symbol is undefined.
void add_steps(std::string_view file, std::string_view nm, MachineSteps& steps) {
  for (const std::string_view line : lines_of(nm)) {
    for (const std::string_view type : {" T ", " t ", " W ", " U "}) {
      const auto at = line.find(type);
      if (at == line.npos) continue;
      const std::string machine = machine_of(line.substr(at + type.size()));
      if (machine.empty()) continue;
      (type == " U " ? steps.called_by : steps.held_by)[machine].insert(std::string(file));
    }
  }
}

}  // namespace quickbite::architecture
