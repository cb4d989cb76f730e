#include "proptests/architecture/words.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>

#include "proptests/architecture/layers.h"
#include "proptests/architecture/text.h"

namespace quickbite::architecture {
namespace {

struct Banned {
  std::string_view name;
  std::string_view why;
};

constexpr std::string_view kClock = "the time is an argument: pure code has no clock";
constexpr std::string_view kRandom =
    "choices are keyed draws: pure code has no randomness of its own";
constexpr std::string_view kThread = "pure code has no threads";
constexpr std::string_view kOrder =
    "its order or value differs between builds: use a sorted container";
constexpr std::string_view kFloat = "floating point differs between builds: use integers";
constexpr std::string_view kIo = "pure code does no I/O: return a value";
constexpr std::string_view kThrow = "no exception leaves pure code: return a value";

// Found wherever they stand in a qualified name.
constexpr std::array kWords = {
    Banned{"system_clock", kClock},
    Banned{"steady_clock", kClock},
    Banned{"high_resolution_clock", kClock},
    Banned{"clock_gettime", kClock},
    Banned{"gettimeofday", kClock},
    Banned{"__DATE__", kClock},
    Banned{"__TIME__", kClock},
    Banned{"__TIMESTAMP__", kClock},
    Banned{"random_device", kRandom},
    Banned{"mt19937", kRandom},
    Banned{"mt19937_64", kRandom},
    Banned{"minstd_rand", kRandom},
    Banned{"default_random_engine", kRandom},
    Banned{"srand", kRandom},
    Banned{"jthread", kThread},
    Banned{"this_thread", kThread},
    Banned{"condition_variable", kThread},
    Banned{"shared_mutex", kThread},
    Banned{"thread_local", kThread},
    Banned{"unordered_map", kOrder},
    Banned{"unordered_set", kOrder},
    Banned{"unordered_multimap", kOrder},
    Banned{"unordered_multiset", kOrder},
    Banned{"float", kFloat},
    Banned{"double", kFloat},
    Banned{"getenv", kIo},
    Banned{"cout", kIo},
    Banned{"cerr", kIo},
    Banned{"clog", kIo},
    Banned{"printf", kIo},
    Banned{"fprintf", kIo},
    Banned{"fopen", kIo},
    Banned{"fstream", kIo},
    Banned{"ifstream", kIo},
    Banned{"ofstream", kIo},
    Banned{"throw", kThrow},
};

// How the names of the processor's own clocks and dice begin, which come with its other instructions.
constexpr std::array kBeginnings = {
    Banned{"_rdtsc", kClock},   Banned{"__rdtsc", kClock},  Banned{"_rdpmc", kClock},           Banned{"__rdpmc", kClock},
    Banned{"_rdrand", kRandom}, Banned{"_rdseed", kRandom}, Banned{"__builtin_ia32_rd", kClock},
};

// Common words, so only with std:: before them.
constexpr std::array kStandard = {
    Banned{"std::thread", kThread},   Banned{"std::mutex", kThread},
    Banned{"std::atomic", kThread},   Banned{"std::atomic_flag", kThread},
    Banned{"std::future", kThread},   Banned{"std::async", kThread},
    Banned{"std::shuffle", kRandom},  Banned{"std::rand", kRandom},
    Banned{"std::sample", kRandom},   Banned{"std::hash", kOrder},
    Banned{"std::time", kClock},      Banned{"std::clock", kClock},
    Banned{"std::localtime", kClock}, Banned{"std::gmtime", kClock},
};

// Only as calls of a free function.
constexpr std::array kCalls = {
    Banned{"rand", kRandom},
    Banned{"random", kRandom},
    Banned{"puts", kIo},
    Banned{"system", kIo},
};

// The standard library's headers that pure code may include: a new one is added here with thought.
constexpr std::array<std::string_view, 56> kHeaders = {"algorithm",
                                                       "any",
                                                       "array",
                                                       "bit",
                                                       "bitset",
                                                       "cassert",
                                                       "cctype",
                                                       "charconv",
                                                       "cinttypes",
                                                       "climits",
                                                       "compare",
                                                       "concepts",
                                                       "cstddef",
                                                       "cstdint",
                                                       "cstdlib",
                                                       "cstring",
                                                       "deque",
                                                       "exception",
                                                       "functional",
                                                       "iomanip",
                                                       "initializer_list",
                                                       "iosfwd",
                                                       "iterator",
                                                       "limits",
                                                       "list",
                                                       "map",
                                                       "memory",
                                                       "memory_resource",
                                                       "new",
                                                       "numbers",
                                                       "numeric",
                                                       "optional",
                                                       "ostream",
                                                       "queue",
                                                       "ranges",
                                                       "ratio",
                                                       "set",
                                                       "source_location",
                                                       "span",
                                                       "sstream",
                                                       "stack",
                                                       "stdexcept",
                                                       "string",
                                                       "string_view",
                                                       "system_error",
                                                       "tuple",
                                                       "type_traits",
                                                       "typeinfo",
                                                       "utility",
                                                       "valarray",
                                                       "variant",
                                                       "vector",
                                                       "version",
                                                       "istream",
                                                       "ios",
                                                       "coroutine"};

// Where a banned word is the right one, and why.
struct Allowed {
  std::string_view folder;
  std::string_view name;
  std::string_view reason;
};
constexpr std::array kAllowed = {
    Allowed{"domain/message/", "double",
            "RapidJSON's handler interface names it; the value is refused"},
    Allowed{"domain/api/", "double",
            "RapidJSON's handler interface names it; the value is refused"},
    Allowed{"domain/base/sha1.cc", "immintrin.h",
            "the processor's SHA instructions, which say the same as the code beside them"},
};

bool is_allowed(std::string_view path, std::string_view name) {
  return std::ranges::any_of(kAllowed, [&](const Allowed& allowed) {
    return path.starts_with(allowed.folder) && allowed.name == name;
  });
}

std::string_view next_part(std::string_view& qualified) {
  const auto colons = qualified.find("::");
  const std::string_view part = qualified.substr(0, colons);
  qualified = colons == qualified.npos ? std::string_view{} : qualified.substr(colons + 2);
  return part;
}

std::optional<Banned> banned_part(std::string_view qualified) {
  while (!qualified.empty()) {
    const std::string_view part = next_part(qualified);
    for (const Banned& banned : kWords) {
      if (part == banned.name) return banned;
    }
    if (part.ends_with("_distribution")) return Banned{part, kRandom};
    for (const Banned& banned : kBeginnings) {
      if (part.starts_with(banned.name)) return Banned{part, banned.why};
    }
  }
  return std::nullopt;
}

std::optional<Banned> banned_name(const Name& name) {
  for (const Banned& banned : kStandard) {
    if (name.text == banned.name) return banned;
  }
  for (const Banned& banned : kCalls) {
    if (name.called && !name.member && name.text == banned.name) return banned;
  }
  return banned_part(name.text);
}

bool may_use_rapidjson(std::string_view path) {
  return path.starts_with("domain/message/") || path.starts_with("domain/api/");
}

std::string refusal_of_header(std::string_view path, const Included& included) {
  if (is_ours(included.path)) return {};
  const std::string header(included.path);
  if (header.starts_with("rapidjson/")) {
    return may_use_rapidjson(path)
               ? ""
               : "includes <" + header + ">: RapidJSON is for domain/message and domain/api";
  }
  if (std::ranges::find(kHeaders, included.path) != kHeaders.end() || is_allowed(path, included.path)) return {};
  return "includes <" + header + ">, which is not among the headers of pure code (words.cc)";
}

}  // namespace

bool is_pure(std::string_view path) {
  return (path.starts_with("domain/") || path.starts_with("sim/")) && !is_test(path) && !is_shared_by_tests(path);
}

Findings word_findings(std::string_view path, std::string_view text) {
  if (!is_pure(path)) return {};
  Findings findings;
  std::set<int> include_lines;
  int number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    if (const auto included = included_by(line)) {
      include_lines.insert(number);
      const std::string refusal = refusal_of_header(path, *included);
      if (!refusal.empty()) findings.push_back({std::string(path), number, refusal});
    }
  }
  for (const Name& name : names_of(code_of(text))) {
    const auto banned = banned_name(name);
    if (!banned || is_allowed(path, banned->name) || include_lines.contains(name.line)) continue;
    findings.push_back(
        {std::string(path), name.line, "says " + name.text + ": " + std::string(banned->why)});
  }
  return findings;
}

}  // namespace quickbite::architecture
