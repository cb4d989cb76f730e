#include "adapters/postgres/writing.h"

#include <iterator>

#include "absl/strings/str_cat.h"

namespace quickbite::postgres {

void WriteStatement::add(std::string_view name, std::string_view sql, std::vector<std::string> parameters) {
  absl::StrAppend(&name_, name_.empty() ? "store_" : "_", std::string(name));
  std::size_t number = parameters_.size();
  std::string part;
  for (const char c : sql) {
    if (c == '%') {
      absl::StrAppend(&part, "$", ++number);
    } else if (c == '@' && parts_.empty()) {
      part += "true";
    } else if (c == '@') {
      absl::StrAppend(&part, "(SELECT count(*) FROM part", parts_.size() - 1, ") >= 0");
    } else {
      part += c;
    }
  }
  parts_.push_back(std::move(part));
  std::move(parameters.begin(), parameters.end(), std::back_inserter(parameters_));
}

void WriteStatement::run(Connection& connection) const {
  std::string sql;
  for (std::size_t i = 0; i + 1 < parts_.size(); ++i) {
    absl::StrAppend(&sql, i == 0 ? "WITH " : ", ", "part", i, " AS (", parts_[i], " RETURNING 1)");
  }
  connection.run(Statement{name_, absl::StrCat(sql, sql.empty() ? "" : " ", parts_.back())}, parameters_);
}

}  // namespace quickbite::postgres
