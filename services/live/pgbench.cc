#include "services/live/pgbench.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "adapters/postgres/connection_string.h"
#include "adapters/postgres/migrate.h"
#include "services/live/postgres_files.h"
#include "services/live/server_process.h"
#include "services/live/sql.h"

namespace quickbite::live {
namespace {

constexpr const char* kDatabase = "quickbite_bench";

constexpr const char* kTables =
    "CREATE TABLE orders (id uuid PRIMARY KEY, user_id text NOT NULL, skus text[] NOT NULL, quantities bigint[] NOT NULL,"
    " status text NOT NULL, created_at timestamptz NOT NULL);"
    "CREATE TABLE outbox_events (event_id uuid PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, topic text NOT NULL,"
    " key bytea, payload bytea NOT NULL, created_at timestamptz NOT NULL)";

constexpr const char* kScript =
    "BEGIN;\n"
    "INSERT INTO orders VALUES (gen_random_uuid(), 'customer', '{burger}', '{1}', 'PENDING', now());\n"
    "INSERT INTO outbox_events (event_id, topic, key, payload, created_at) VALUES (gen_random_uuid(), 'orders.v1',"
    " 'c0ffee00-0000-4000-8000-000000000000', '{\"type\":\"OrderCreated\",\"userId\":\"customer\",\"sku\":\"burger\","
    "\"quantity\":1}', now());\n"
    "COMMIT;\n";

absl::StatusOr<std::string> program_of(PostgresServer& postgres) {
  if (postgres.cluster() != nullptr) return postgres.cluster()->binaries() + "/pgbench";
  absl::StatusOr<std::string> binaries = find_postgres_binaries();
  if (!binaries.ok()) return binaries.status();
  return *binaries + "/pgbench";
}

absl::StatusOr<double> transactions_per_second(const std::string& output) {
  constexpr std::string_view kFigure = "tps = ";
  const std::size_t at = output.rfind(kFigure);
  const std::size_t begin = at + kFigure.size();
  double tps = 0;
  if (at == output.npos || !absl::SimpleAtod(output.substr(begin, output.find(' ', begin) - begin), &tps)) {
    return absl::UnavailableError(absl::StrCat("pgbench told no figure:\n", output));
  }
  return tps;
}

}  // namespace

absl::StatusOr<double> run_pgbench(PostgresServer& postgres, const std::string& folder, absl::Duration duration) {
  const absl::StatusOr<std::string> program = program_of(postgres);
  if (!program.ok()) return program.status();
  const std::string server = postgres.superuser_connection();
  const std::string drop = absl::StrCat("DROP DATABASE IF EXISTS ", kDatabase, " WITH (FORCE)");
  if (const absl::Status dropped = sql_run(server, drop); !dropped.ok()) return dropped;
  if (const absl::Status made = sql_run(server, absl::StrCat("CREATE DATABASE ", kDatabase, " OWNER ", std::string(postgres::kOwnerRole)));
      !made.ok()) {
    return made;
  }
  const std::string database = postgres::with_database(server, kDatabase, postgres::kOwnerRole);
  if (const absl::Status made = sql_run(database, kTables); !made.ok()) return made;

  const std::string script = folder + "/pgbench.sql";
  const std::string log = folder + "/pgbench.log";
  std::ofstream(script) << kScript;
  const std::int64_t log_start = size_of(log);
  ProcessOptions pgbench;
  pgbench.command = {*program, "--no-vacuum", "--client=32", "--jobs=2", "--protocol=prepared",
                     absl::StrCat("--time=", absl::ToInt64Seconds(duration)), absl::StrCat("--file=", script), database};
  pgbench.log_path = log;
  pgbench.death_signal = SIGKILL;
  const absl::StatusOr<int> code = run_to_end(pgbench, duration + absl::Seconds(60));
  if (!code.ok()) return code.status();
  const std::string output = tail_of(log, log_start, 40);
  if (*code != 0) return absl::UnavailableError(absl::StrCat("pgbench ended with code ", *code, ":\n", output));
  sql_run(server, drop).IgnoreError();
  return transactions_per_second(output);
}

}  // namespace quickbite::live
