#include "services/live/data_folder.h"

#include <fcntl.h>
#include <rapidjson/document.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"

namespace quickbite::live {
namespace {

namespace fs = std::filesystem;

std::string lock_path(const std::string& folder) { return folder + "/lock"; }
std::string serving_path(const std::string& folder) { return folder + "/serving.json"; }

using Json = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void member(Json& json, const char* name, const std::string& value) {
  json.Key(name);
  json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

std::string text_of(const rapidjson::Value& object, const char* name) {
  const auto at = object.FindMember(name);
  if (at == object.MemberEnd() || !at->value.IsString()) return "";
  return {at->value.GetString(), at->value.GetStringLength()};
}

pid_t pid_of(const rapidjson::Value& object) {
  const auto at = object.FindMember("pid");
  return at == object.MemberEnd() || !at->value.IsInt() ? -1 : at->value.GetInt();
}

// So that a reader never finds half of it.
absl::Status write_whole(const std::string& path, const std::string& text) {
  const std::string half = absl::StrCat(path, ".", getpid());
  {
    std::ofstream file(half);
    file << text << std::flush;
    if (!file) return absl::UnavailableError(absl::StrCat("cannot write ", half));
  }
  std::error_code error;
  fs::rename(half, path, error);
  return error ? absl::UnavailableError(absl::StrCat("cannot write ", path, ": ", error.message())) : absl::OkStatus();
}

std::string read_whole(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

std::string to_json(const Serving& serving) {
  rapidjson::StringBuffer out;
  Json json(out);
  json.SetIndent(' ', 2);
  json.StartObject();
  json.Key("running");
  json.Bool(true);
  json.Key("pid");
  json.Int(serving.pid);
  member(json, "api", serving.api);
  member(json, "app", serving.app);
  member(json, "status", serving.status);
  member(json, "orders_database", serving.orders_database);
  member(json, "inventory_database", serving.inventory_database);
  member(json, "kafka", serving.kafka);
  member(json, "inventory_grpc", serving.inventory_grpc);
  member(json, "folder", serving.folder);
  json.Key("processes");
  json.StartArray();
  for (const Serving::Process& process : serving.processes) {
    json.StartObject();
    member(json, "name", process.name);
    json.Key("pid");
    json.Int(process.pid);
    member(json, "log", process.log);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return absl::StrCat(out.GetString(), "\n");
}

std::optional<Serving> parse_serving(std::string_view text) {
  rapidjson::Document json;
  json.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (json.HasParseError() || !json.IsObject() || pid_of(json) < 0) return std::nullopt;
  Serving serving{pid_of(json),
                  text_of(json, "api"),
                  text_of(json, "app"),
                  text_of(json, "status"),
                  text_of(json, "orders_database"),
                  text_of(json, "inventory_database"),
                  text_of(json, "kafka"),
                  text_of(json, "inventory_grpc"),
                  text_of(json, "folder"),
                  {}};
  const rapidjson::Value& object = json;  // of one that may change, clang finds the iterators' == ambiguous in C++20
  const auto processes = object.FindMember("processes");
  if (processes == object.MemberEnd() || !processes->value.IsArray()) return std::nullopt;
  for (const rapidjson::Value& process : processes->value.GetArray()) {
    if (!process.IsObject()) return std::nullopt;
    serving.processes.push_back({text_of(process, "name"), pid_of(process), text_of(process, "log")});
  }
  return serving;
}

absl::StatusOr<DataFolder> DataFolder::take(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot make ", path, ": ", error.message()));
  const std::string canonical = fs::canonical(path, error).string();
  const int fd = ::open(lock_path(canonical).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return absl::UnavailableError(absl::StrCat("cannot write ", lock_path(canonical), ": ", std::strerror(errno)));
  DataFolder folder(canonical, fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(std::exchange(folder.lock_fd_, -1));
    const std::optional<Serving> other = look(canonical);
    return absl::AlreadyExistsError(
        other ? absl::StrCat(canonical, " is in use by process ", other->pid) : absl::StrCat(canonical, " is in use"));
  }
  Serving nothing;
  nothing.pid = getpid();
  nothing.folder = canonical;
  if (const absl::Status told = folder.tell(nothing); !told.ok()) return told;
  return folder;
}

std::optional<Serving> DataFolder::look(const std::string& path) {
  const int fd = ::open(lock_path(path).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  const bool free = ::flock(fd, LOCK_SH | LOCK_NB) == 0;
  ::close(fd);
  return free ? std::nullopt : parse_serving(read_whole(serving_path(path)));
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_fd_(std::exchange(other.lock_fd_, -1)) {}

DataFolder::~DataFolder() {
  if (lock_fd_ < 0) return;
  std::error_code error;
  fs::remove(serving_path(path_), error);
  ::close(lock_fd_);
}

absl::Status DataFolder::tell(const Serving& serving) const { return write_whole(serving_path(path_), to_json(serving)); }

}  // namespace quickbite::live
