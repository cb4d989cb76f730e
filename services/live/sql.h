// A question to a database and its answer as text, for stories, pages and tests. Not for services.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace quickbite::live {

using SqlRow = std::vector<std::string>;  // NULL is ""

// Each call connects, asks and disconnects. Errors: adapters/postgres/migrate.h.
absl::StatusOr<std::vector<SqlRow>> sql_rows(const std::string& connection, const std::string& sql);

// Of one row with one whole number.
absl::StatusOr<std::int64_t> sql_number(const std::string& connection, const std::string& sql);

absl::Status sql_run(const std::string& connection, const std::string& sql);

}  // namespace quickbite::live
