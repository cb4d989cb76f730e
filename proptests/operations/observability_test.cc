// deploy/observability: rules that promtool accepts and that are each shown to fire, a dashboard whose every expression is one,
// a section of docs/operations.md for every alert and metric.
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "proptests/operations/observability.h"
#include "proptests/operations/promtool.h"
#include "proptests/services/running.h"

namespace quickbite {
namespace {

std::set<std::string> all(const std::string& text, const std::string& pattern) {
  std::set<std::string> found;
  const std::regex regex(pattern);
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) found.insert((*at)[1]);
  return found;
}

std::set<std::string> alerts() { return all(observability_file("alerts.yaml"), "- alert: ([A-Za-z]+)"); }

TEST(Observability, PromtoolAcceptsTheRulesAndTheConfiguration) {
  const auto tool = promtool();
  if (!tool) GTEST_SKIP() << "no promtool here";
  const std::string folder = QUICKBITE_SOURCE_DIR "/deploy/observability/";
  for (const std::string& command : {" check rules " + folder + "alerts.yaml", " check config " + folder + "prometheus.yaml",
                                    " test rules " + folder + "alerts_test.yaml"}) {
    const Ran ran = run_shell(*tool + command);
    EXPECT_EQ(ran.code, 0) << ran.said;
  }
}

TEST(Observability, EveryAlertIsShownToFireAndToBeSilent) {
  const std::string tests = observability_file("alerts_test.yaml");
  EXPECT_GE(alerts().size(), 10u);
  EXPECT_EQ(all(tests, "\n        alertname: ([A-Za-z]+)\n        exp_alerts:\n          - exp_labels"), alerts());
  EXPECT_EQ(all(tests, "alertname: ([A-Za-z]+), exp_alerts: \\[\\]"), alerts());
}

TEST(Observability, EveryAlertIsExplainedWhereItsRunbookPointsTo) {
  const std::string docs = section_of_operations("Alerts");
  EXPECT_EQ(all(docs, "\n### (QuickBite[A-Za-z]+)\n"), alerts());
  std::set<std::string> anchors;
  for (const std::string& alert : alerts()) anchors.insert(absl::AsciiStrToLower(alert));
  EXPECT_EQ(all(observability_file("alerts.yaml"), "runbook: docs/operations.md#([a-z]+)\n"), anchors);
}

// An expression is checked as a rule that records it, with Grafana's variables filled in.
TEST(Observability, EveryExpressionOfTheDashboardIsOne) {
  rapidjson::Document dashboard;
  dashboard.Parse(observability_file("dashboard.json").c_str());
  ASSERT_FALSE(dashboard.HasParseError());
  std::set<int> ids;
  std::string rules = "groups:\n- name: dashboard\n  rules:\n";
  int expressions = 0;
  for (const auto& panel : dashboard["panels"].GetArray()) {
    EXPECT_TRUE(ids.insert(panel["id"].GetInt()).second) << "two panels have one id";
    if (std::string(panel["type"].GetString()) == "row") continue;
    EXPECT_NE(std::string(panel["description"].GetString()), "");
    for (const auto& target : panel["targets"].GetArray()) {
      const std::string expression = absl::StrReplaceAll(target["expr"].GetString(), {{"$__rate_interval", "5m"}, {"'", "''"}});
      EXPECT_EQ(expression.find('$'), std::string::npos) << expression;
      rules += "  - record: panel" + std::to_string(++expressions) + "\n    expr: '" + expression + "'\n";
    }
  }
  EXPECT_GE(expressions, 15);
  const auto tool = promtool();
  if (!tool) GTEST_SKIP() << "no promtool here";
  const TemporaryFolder folder;
  std::ofstream(folder / "rules.yaml") << rules;
  const Ran ran = run_shell(*tool + " check rules " + (folder / "rules.yaml"));
  EXPECT_EQ(ran.code, 0) << ran.said << rules;
}

}  // namespace
}  // namespace quickbite
