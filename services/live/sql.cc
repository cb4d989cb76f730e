#include "services/live/sql.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "adapters/postgres/admin_connection.h"

namespace quickbite::live {

absl::StatusOr<std::vector<SqlRow>> sql_rows(const std::string& connection, const std::string& sql) {
  return postgres::with_status(sql, [&]() -> absl::StatusOr<std::vector<SqlRow>> {
    postgres::AdminConnection database(connection);
    std::vector<SqlRow> rows;
    for (const auto& row : database.run(sql)) {
      SqlRow& cells = rows.emplace_back();
      for (const auto& cell : row) cells.emplace_back(cell.is_null() ? "" : cell.c_str());
    }
    return rows;
  });
}

absl::StatusOr<std::int64_t> sql_number(const std::string& connection, const std::string& sql) {
  const absl::StatusOr<std::vector<SqlRow>> rows = sql_rows(connection, sql);
  if (!rows.ok()) return rows.status();
  std::int64_t number = 0;
  if (rows->size() != 1 || rows->front().size() != 1 || !absl::SimpleAtoi(rows->front().front(), &number)) {
    return absl::InternalError(absl::StrCat("not one number: ", sql));
  }
  return number;
}

absl::Status sql_run(const std::string& connection, const std::string& sql) {
  return sql_rows(connection, sql).status();
}

}  // namespace quickbite::live
