// DataFolder: what one running `quickbite up` has to itself, and where others can read what it serves.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace quickbite::live {

// What a running one serves. Addresses are for whoever wants to use them from outside.
struct Serving {
  struct Process {
    std::string name;
    pid_t pid = -1;
    std::string log;
    friend bool operator==(const Process&, const Process&) = default;
  };
  pid_t pid = -1;
  std::string api;       // http://127.0.0.1:8080
  std::string app;       // the phone app's address; "": it is not built
  std::string status;    // of the status page; without the app, of what it would show, as JSON
  std::string orders_database;     // libpq's connection strings
  std::string inventory_database;
  std::string kafka;     // bootstrap
  std::string inventory_grpc;  // HOST:PORT
  std::string folder;
  std::vector<Process> processes;
  friend bool operator==(const Serving&, const Serving&) = default;
};

// One JSON object, and back; nullopt where the text is none of ours.
std::string to_json(const Serving& serving);
std::optional<Serving> parse_serving(std::string_view json);

class DataFolder {
 public:
  // Makes it where it is missing, and takes it. AlreadyExists: a process that lives has it.
  // Unavailable: it cannot be made or written.
  static absl::StatusOr<DataFolder> take(const std::string& path);

  // What the process that has the folder serves; nullopt where there is none. A process that is
  // still starting serves nothing but its pid.
  static std::optional<Serving> look(const std::string& path);

  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&&) = delete;
  ~DataFolder();  // tells of nothing any more, and lets it go; the kernel does that for a killed one

  const std::string& path() const { return path_; }
  absl::Status tell(const Serving& serving) const;

 private:
  DataFolder(std::string path, int lock_fd) : path_(std::move(path)), lock_fd_(lock_fd) {}

  std::string path_;
  int lock_fd_;
};

}  // namespace quickbite::live
