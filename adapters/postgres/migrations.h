// The migrations of migrations/SERVICE/NNNN_name.sql, as the build embedded them.
#pragma once

#include <cstddef>

namespace quickbite::postgres {

struct EmbeddedMigration {
  const char* service;
  const char* version;
  const char* name;
  const char* sql;
};

// Sorted by service, then version.
extern const EmbeddedMigration kMigrations[];
extern const std::size_t kMigrationCount;

}  // namespace quickbite::postgres
