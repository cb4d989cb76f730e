// libpqxx as this folder uses it. What differs between 6.4 and 7.x stands here and nowhere else; nothing outside
// adapters/postgres includes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <pqxx/pqxx>

namespace quickbite::postgres {

// Runs a statement that `connection` has prepared. Every parameter is in PostgreSQL's binary format: nothing is quoted, and
// a NUL byte reaches the server, which refuses it in text with 22021 (as a text parameter it would be cut off silently).
inline pqxx::result exec_prepared(pqxx::transaction_base& transaction, const std::string& name,
                                  const std::vector<std::string>& parameters) {
#if PQXX_VERSION_MAJOR >= 7
  pqxx::params params;
  for (const std::string& parameter : parameters) params.append(pqxx::binary_cast(parameter));
  return transaction.exec_prepared(name, params);
#else
  std::vector<pqxx::binarystring> params;
  params.reserve(parameters.size());
  for (const std::string& parameter : parameters) params.emplace_back(parameter.data(), parameter.size());
  return transaction.exec_prepared(name, pqxx::prepare::make_dynamic_params(params));
#endif
}

// The error's SQLSTATE; where the exception was made without one (6.4 does so for some, 42501 among them) what its type means.
inline std::string sqlstate_of(const pqxx::sql_error& error) {
  if (!error.sqlstate().empty()) return error.sqlstate();
  if (dynamic_cast<const pqxx::unique_violation*>(&error) != nullptr) return "23505";
  if (dynamic_cast<const pqxx::integrity_constraint_violation*>(&error) != nullptr) return "23000";
  if (dynamic_cast<const pqxx::data_exception*>(&error) != nullptr) return "22000";
  if (dynamic_cast<const pqxx::insufficient_privilege*>(&error) != nullptr) return "42501";
  if (dynamic_cast<const pqxx::syntax_error*>(&error) != nullptr) return "42000";
  if (dynamic_cast<const pqxx::feature_not_supported*>(&error) != nullptr) return "0A000";
  if (dynamic_cast<const pqxx::insufficient_resources*>(&error) != nullptr) return "53000";
  if (dynamic_cast<const pqxx::plpgsql_error*>(&error) != nullptr) return "P0000";
  return {};
}

// 6.4 would otherwise connect a broken connection anew by itself, without its session settings.
inline void never_reconnect([[maybe_unused]] pqxx::connection& connection) {
#if PQXX_VERSION_MAJOR < 7
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
#endif
}

// Errors and notices whose text begins with the severity and the SQLSTATE: "FATAL:  25P03: terminating connection …".
inline void tell_sqlstates(pqxx::connection& connection) {
#if PQXX_VERSION_MAJOR >= 7
  connection.set_verbosity(pqxx::error_verbosity::verbose);
#else
  connection.set_verbosity(pqxx::connection_base::verbose);
#endif
}

// Keeps the server's last notice instead of printing it. Why the server ended a session while that was idle (25P03, 57P01)
// arrives as one; libpqxx itself then only says that the connection is broken.
class LastNotice : public pqxx::errorhandler {
 public:
  explicit LastNotice(pqxx::connection& connection) : pqxx::errorhandler(connection) {}
  bool operator()(const char text[]) noexcept override {
    try {
      // What libpq itself adds about the broken connection has no SQLSTATE between colons, and says less.
      if (const std::string_view view(text); view.find(": ") != view.npos) text_ = view;
    } catch (...) {
    }
    return false;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Calls `visit(std::string_view)` for each element of a one-dimensional array without NULLs.
template <class Visit>
void for_each_element(const pqxx::field& field, Visit visit) {
  auto parser = field.as_array();
  for (auto next = parser.get_next(); next.first != pqxx::array_parser::juncture::done; next = parser.get_next()) {
    if (next.first == pqxx::array_parser::juncture::string_value) visit(std::string_view(next.second));
  }
}

inline std::string_view view(const pqxx::field& field) { return {field.c_str(), field.size()}; }

}  // namespace quickbite::postgres
