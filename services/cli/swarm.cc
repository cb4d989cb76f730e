#include "services/cli/swarm.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "adapters/postgres/admin_connection.h"

namespace quickbite::cli {
namespace {

using postgres::AdminConnection;

constexpr const char* kTables =
    "CREATE SCHEMA IF NOT EXISTS quickbite_swarm;"
    "CREATE TABLE IF NOT EXISTS quickbite_swarm.swarms (name text PRIMARY KEY, first bigint NOT NULL, seeds bigint NOT NULL,"
    " shards bigint NOT NULL, chunk bigint NOT NULL, program text NOT NULL);"
    "CREATE TABLE IF NOT EXISTS quickbite_swarm.chunks (swarm text NOT NULL REFERENCES quickbite_swarm.swarms, first bigint NOT NULL,"
    " done bigint NOT NULL, tally text NOT NULL, took_ms bigint NOT NULL, at timestamptz NOT NULL DEFAULT now(),"
    " PRIMARY KEY (swarm, first));"
    "CREATE TABLE IF NOT EXISTS quickbite_swarm.findings (swarm text NOT NULL, seed bigint NOT NULL, code integer NOT NULL,"
    " property text NOT NULL, what text NOT NULL, PRIMARY KEY (swarm, seed))";
// CREATE … IF NOT EXISTS of two at once can fail; any fixed number does for the lock.
constexpr const char* kOneAtATime = "SELECT pg_advisory_xact_lock(7823764512)";

// A tally travels as it stands in memory: only among programs that are the same.
std::string program() { return absl::StrCat("quickbite " QUICKBITE_VERSION " tally ", sizeof(Tally)); }

std::string bytes_of(const Tally& tally) {
  return absl::BytesToHexString({reinterpret_cast<const char*>(&tally), sizeof(tally)});
}

bool read_tally(const std::string& hex, Tally& tally) {
  const std::string bytes = absl::HexStringToBytes(hex);
  if (bytes.size() != sizeof(tally)) return false;
  std::memcpy(&tally, bytes.data(), sizeof(tally));
  return true;
}

std::uint64_t number(const pqxx::field& field) { return field.as<std::uint64_t>(); }

// As it was begun under that name; `begin` null: nothing is begun.
absl::StatusOr<SwarmPlan> plan_in(AdminConnection& database, const std::string& name, const SwarmPlan* begin) {
  if (begin != nullptr) {
    database.run(absl::StrCat("BEGIN; ", kOneAtATime, "; ", kTables, "; INSERT INTO quickbite_swarm.swarms VALUES (",
                              database.quote(name), ", ", begin->first, ", ", begin->seeds, ", ", begin->shards, ", ",
                              begin->chunk, ", ", database.quote(program()), ") ON CONFLICT DO NOTHING; COMMIT"));
  }
  if (database.run("SELECT to_regclass('quickbite_swarm.swarms') IS NOT NULL")[0][0].as<bool>() == false) {
    return absl::NotFoundError("no swarm was ever begun in this database");
  }
  const pqxx::result rows = database.run(absl::StrCat(
      "SELECT first, seeds, shards, chunk, program FROM quickbite_swarm.swarms WHERE name = ", database.quote(name)));
  if (rows.empty()) return absl::NotFoundError(absl::StrCat("no swarm '", name, "' was begun in this database"));
  if (rows[0][4].c_str() != program()) {
    return absl::FailedPreconditionError(
        absl::StrCat("swarm '", name, "' is of ", rows[0][4].c_str(), ", and this is ", program(), ": take another name"));
  }
  return SwarmPlan{name, number(rows[0][0]), number(rows[0][1]), number(rows[0][2]), number(rows[0][3])};
}

std::set<std::uint64_t> finished(AdminConnection& database, const std::string& name) {
  std::set<std::uint64_t> firsts;
  for (const auto& row :
       database.run(absl::StrCat("SELECT first FROM quickbite_swarm.chunks WHERE swarm = ", database.quote(name)))) {
    firsts.insert(number(row[0]));
  }
  return firsts;
}

// All of a chunk, or nothing; a second time, nothing more.
void write_down(AdminConnection& database, const std::string& name, const SeedRange& chunk, const SweepReport& report) {
  std::string sql = absl::StrCat("BEGIN; INSERT INTO quickbite_swarm.chunks VALUES (", database.quote(name), ", ", chunk.first,
                                 ", ", report.done, ", '", bytes_of(report.tally), "', ", absl::ToInt64Milliseconds(report.took),
                                 ") ON CONFLICT DO NOTHING; ");
  for (const SweepFinding& finding : report.findings) {
    absl::StrAppend(&sql, "INSERT INTO quickbite_swarm.findings VALUES (", database.quote(name), ", ", finding.seed, ", ",
                    static_cast<int>(finding.code), ", ", database.quote(finding.property), ", ", database.quote(finding.what),
                    ") ON CONFLICT DO NOTHING; ");
  }
  database.run(sql + "COMMIT");
}

}  // namespace

std::vector<SeedRange> chunks_of(const SwarmPlan& plan, std::uint64_t shard) {
  // The first seeds % shards shards have one seed more.
  const std::uint64_t least = plan.seeds / plan.shards;
  const std::uint64_t longer = plan.seeds % plan.shards;
  std::uint64_t first = plan.first + shard * least + std::min(shard, longer);
  std::uint64_t left = least + (shard < longer ? 1 : 0);
  std::vector<SeedRange> chunks;
  while (left > 0) {
    chunks.push_back({first, std::min(left, plan.chunk)});
    first += chunks.back().count;
    left -= chunks.back().count;
  }
  return chunks;
}

absl::Status work_on_shard(const std::string& database, const SwarmPlan& plan, std::uint64_t shard, int jobs,
                           const std::function<void(std::uint64_t)>& progress) {
  return postgres::with_status("the swarm's tables", [&]() -> absl::Status {
    std::set<std::uint64_t> done;
    {
      AdminConnection connection(database);
      const absl::StatusOr<SwarmPlan> begun = plan_in(connection, plan.name, &plan);
      if (!begun.ok()) return begun.status();
      if (*begun != plan) return absl::FailedPreconditionError(absl::StrCat("swarm '", plan.name, "' has another plan: take another name"));
      done = finished(connection, plan.name);
    }
    std::uint64_t before = 0;
    for (const SeedRange& chunk : chunks_of(plan, shard)) {
      if (!done.contains(chunk.first)) {
        SweepOptions options;
        options.first = chunk.first;
        options.count = chunk.count;
        options.jobs = jobs;
        options.keep_going = true;
        // Workers are forked: no connection is open meanwhile.
        const SweepReport report = sweep(options, [&](std::uint64_t count) { progress(before + count); });
        AdminConnection connection(database);
        write_down(connection, plan.name, chunk, report);
      }
      before += chunk.count;
      progress(before);
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<SwarmReport> report_swarm(const std::string& database, const std::string& name) {
  return postgres::with_status("the swarm's tables", [&]() -> absl::StatusOr<SwarmReport> {
    AdminConnection connection(database);
    absl::StatusOr<SwarmPlan> plan = plan_in(connection, name, nullptr);
    if (!plan.ok()) return plan.status();
    SwarmReport report{*plan, {}, {}};
    const std::string quoted = connection.quote(name);
    for (const auto& row :
         connection.run(absl::StrCat("SELECT done, tally, took_ms FROM quickbite_swarm.chunks WHERE swarm = ", quoted))) {
      Tally tally;
      if (!read_tally(row[1].c_str(), tally)) return absl::InternalError("a chunk's tally cannot be read");
      report.sweep.done += number(row[0]);
      report.sweep.tally.add(tally);
      report.sweep.took += absl::Milliseconds(row[2].as<std::int64_t>());
    }
    for (const auto& row : connection.run(absl::StrCat(
             "SELECT seed, code, property, what FROM quickbite_swarm.findings WHERE swarm = ", quoted, " ORDER BY seed"))) {
      report.sweep.findings.push_back(
          {number(row[0]), static_cast<ExitCode>(row[1].as<int>()), row[2].c_str(), row[3].c_str()});
    }
    const std::set<std::uint64_t> done = finished(connection, name);
    for (std::uint64_t shard = 0; shard < plan->shards; ++shard) {
      for (const SeedRange& chunk : chunks_of(*plan, shard)) {
        if (!done.contains(chunk.first)) report.missing.push_back(chunk);
      }
    }
    return report;
  });
}

}  // namespace quickbite::cli
