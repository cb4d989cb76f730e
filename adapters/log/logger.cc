#include "adapters/log/logger.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <cmath>
#include <mutex>
#include <utility>

#include "adapters/log/json_text.h"

namespace quickbite::log {
namespace {

spdlog::level::level_enum level_of(Level level) {
  switch (level) {
    case Level::kDebug: return spdlog::level::debug;
    case Level::kInfo: return spdlog::level::info;
    case Level::kWarning: return spdlog::level::warn;
    case Level::kError: return spdlog::level::err;
    case Level::kOff: return spdlog::level::off;
  }
  return spdlog::level::info;
}

class CallbackSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit CallbackSink(std::function<void(std::string_view)> write) : write_(std::move(write)) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    write_({line.data(), line.size()});
  }
  void flush_() override {}

 private:
  std::function<void(std::string_view)> write_;
};

std::shared_ptr<spdlog::logger> logger_on(spdlog::sink_ptr sink, std::string_view name, Level least, const char* end) {
  // The payload is the rest of the object: spdlog writes when, how bad and who, we write what.
  sink->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      R"({"ts":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l","logger":"%n",%v})", spdlog::pattern_time_type::utc, end));
  auto logger = std::make_shared<spdlog::logger>(std::string(name), std::move(sink));
  logger->set_level(level_of(least));
  return logger;
}

void append_value(const Field& field, std::string& out) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) return append_json_string(*text, out);
  if (const auto* whole = std::get_if<std::int64_t>(&field.value)) return void(out.append(std::to_string(*whole)));
  if (const auto* yes = std::get_if<bool>(&field.value)) return void(out.append(*yes ? "true" : "false"));
  const double number = std::get<double>(field.value);
  out.append(std::isfinite(number) ? std::to_string(number) : "null");
}

}  // namespace

std::optional<Level> parse_level(std::string_view name) {
  if (name == "debug") return Level::kDebug;
  if (name == "info") return Level::kInfo;
  if (name == "warning") return Level::kWarning;
  if (name == "error") return Level::kError;
  if (name == "off") return Level::kOff;
  return std::nullopt;
}

Logger Logger::to_stderr(std::string_view name, Level least) {
  return Logger(logger_on(std::make_shared<spdlog::sinks::stderr_sink_mt>(), name, least, "\n"));
}

Logger Logger::to(std::function<void(std::string_view)> write, std::string_view name, Level least) {
  return Logger(logger_on(std::make_shared<CallbackSink>(std::move(write)), name, least, ""));
}

Logger Logger::named(std::string_view name) const { return Logger(logger_->clone(std::string(name))); }

bool Logger::logs(Level level) const { return logger_->should_log(level_of(level)); }

void Logger::log(Level level, std::string_view message, Fields fields) const {
  const spdlog::level::level_enum severity = level_of(level);
  if (!logger_->should_log(severity)) return;
  try {
    std::string rest = "\"msg\":";
    append_json_string(message, rest);
    for (const Field& field : fields) {
      rest.push_back(',');
      append_json_string(field.name, rest);
      rest.push_back(':');
      append_value(field, rest);
    }
    logger_->log(severity, spdlog::string_view_t(rest));
  } catch (...) {  // a line that cannot be written is no reason to stop
  }
}

}  // namespace quickbite::log
