// The scenario language's own properties: what is printed parses to the same, and no text is too
// much for the parser.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <variant>

#include "proptests/plan/arbitrary_plan.h"
#include "sim/plan/parse.h"
#include "sim/plan/print.h"

namespace quickbite::proptests {
namespace {

using namespace sim;

RC_GTEST_PROP(ScenarioLanguage, WhatIsPrintedParsesToTheSamePlan, ()) {
  const Plan plan = *arbitrary_plan();
  const std::string text = print_plan(plan);
  const auto result = parse_plan(text);
  if (const auto* error = std::get_if<ParseError>(&result))
    RC_FAIL(to_string(*error, "plan") + "\n" + text);
  RC_ASSERT(std::get<Plan>(result) == plan);
}

RC_GTEST_PROP(ScenarioLanguage, BlanksAndCommentsChangeNothing, ()) {
  Plan plan = *arbitrary_plan();
  plan.title.clear();
  std::string spread;
  for (const char c : print_plan(plan)) {
    if (c == ' ')
      spread += *rc::gen::element<std::string>(" ", "  ", "\t");
    else if (c == '\n')
      spread += *rc::gen::element<std::string>("\n", "  \r\n", " # so\n", "\n\n");
    else if (c == ',' || c == ':')
      spread += *rc::gen::element<std::string>("", " ") + c;
    else
      spread += c;
  }
  const auto result = parse_plan(spread);
  if (const auto* error = std::get_if<ParseError>(&result))
    RC_FAIL(to_string(*error, "plan") + "\n" + spread);
  RC_ASSERT(std::get<Plan>(result) == plan);
}

// One byte replaced, taken out or doubled: still a plan, or a mistake that stands within the text.
RC_GTEST_PROP(ScenarioLanguage, ADamagedFileIsAPlanOrAMistakeWithinTheFile, ()) {
  std::string text = print_plan(*arbitrary_plan());
  RC_PRE(!text.empty());
  const std::size_t at = *rc::gen::inRange<std::size_t>(0, text.size());
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      text[at] = *rc::gen::arbitrary<char>();
      break;
    case 1:
      text.erase(at, 1);
      break;
    default:
      text.insert(at, 1, text[at]);
  }
  const auto result = parse_plan(text);
  if (const auto* error = std::get_if<ParseError>(&result)) {
    RC_ASSERT(error->line >= 1);
    RC_ASSERT(error->line <= std::ranges::count(text, '\n') + 1);
    RC_ASSERT(error->column >= 1);
    RC_ASSERT(error->message.starts_with("expected "));
  } else {
    const Plan& plan = std::get<Plan>(result);
    RC_ASSERT(parse_plan(print_plan(plan)) == result);
  }
}

}  // namespace
}  // namespace quickbite::proptests
