// Logger: what happened, for people and machines: one JSON object a line, {"ts","level","logger","msg", and the fields}.
//
//   log.warning("the database is away", {{"sqlstate", "57P03"}, {"attempt", 3}});
//
// A value that is handed to whoever logs: nothing here is global. Any thread may use it; a line is written whole. Nothing throws.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace spdlog {
class logger;
}

namespace quickbite::log {

enum class Level : std::uint8_t { kDebug, kInfo, kWarning, kError, kOff };

std::optional<Level> parse_level(std::string_view name);  // debug, info, warning, error, off

// A name ("order_id", no quotes or control characters) and a value. Text need not be UTF-8; what is not, is replaced.
struct Field {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool> value;

  Field(std::string_view n, std::string_view v) : name(n), value(v) {}
  Field(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
  Field(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
  Field(std::string_view n, bool v) : name(n), value(v) {}
  Field(std::string_view n, std::integral auto v) : name(n), value(static_cast<std::int64_t>(v)) {}
  Field(std::string_view n, double v) : name(n), value(v) {}
};
using Fields = std::initializer_list<Field>;

class Logger {
 public:
  // `least`: what is less severe is not logged.
  static Logger to_stderr(std::string_view name, Level least);
  // Every line, without its newline, to `write`; from any thread, one at a time.
  static Logger to(std::function<void(std::string_view line)> write, std::string_view name, Level least);

  // Says another name, to the same place.
  Logger named(std::string_view name) const;

  // Whether a line of that level would be written: for what is dear to put together.
  bool logs(Level level) const;

  void debug(std::string_view message, Fields fields = {}) const { log(Level::kDebug, message, fields); }
  void info(std::string_view message, Fields fields = {}) const { log(Level::kInfo, message, fields); }
  void warning(std::string_view message, Fields fields = {}) const { log(Level::kWarning, message, fields); }
  void error(std::string_view message, Fields fields = {}) const { log(Level::kError, message, fields); }
  void log(Level level, std::string_view message, Fields fields = {}) const;

 private:
  explicit Logger(std::shared_ptr<spdlog::logger> logger) : logger_(std::move(logger)) {}

  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace quickbite::log
