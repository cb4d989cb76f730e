#include "services/cli/up_screen.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "domain/property/property.h"
#include "services/cli/sweep_text.h"

namespace quickbite::cli {
namespace {

constexpr absl::Duration kWorthTelling = absl::Milliseconds(20);

// Every line of a text that may have several, further to the right.
std::string indented(std::string_view text, std::string_view by) {
  std::string out;
  for (const auto line : absl::StrSplit(absl::string_view(text.data(), text.size()), '\n')) {
    if (!line.empty()) absl::StrAppend(&out, std::string(by), line, "\n");
  }
  return out;
}

std::string took_text(absl::Duration took) {
  return took < kWorthTelling ? "" : absl::StrCat("  ", for_people(took));
}

}  // namespace

UpScreen::UpScreen() : paint_(STDOUT_FILENO) {}

void UpScreen::part(std::string_view title) {
  std::cout << "\n"
            << paint_(Colour::kBold, absl::StrCat(++parts_, "  ", std::string(title))) << "\n"
            << std::flush;
}

void UpScreen::done(std::string_view what, absl::Duration took) {
  std::cout << "   " << paint_(Colour::kGreen, "✓") << " " << what
            << paint_(Colour::kDim, took_text(took)) << "\n"
            << std::flush;
}

void UpScreen::failed(std::string_view what, std::string_view why) {
  std::cout << "   " << paint_(Colour::kRed, "✗") << " " << what << "\n"
            << indented(why, "       ") << std::flush;
}

void UpScreen::note(std::string_view text) {
  std::cout << "   " << text << "\n" << std::flush;
}

void UpScreen::swept(const SweepReport& report, std::uint64_t seeds) {
  std::cout << "\n"
            << tables(report.tally, paint_) << "\n"
            << paint_(Colour::kBold, "Properties, checked after every step") << "\n";
  for (const property::Property& property : property::properties()) {
    const bool broken = std::ranges::any_of(report.findings, [&](const SweepFinding& finding) {
      return finding.property == property.id;
    });
    std::cout << "  " << (broken ? paint_(Colour::kRed, "✗") : paint_(Colour::kGreen, "✓")) << " "
              << absl::StrFormat("%-4s", std::string(property.id)) << property.title << "\n";
  }
  const double rate = static_cast<double>(report.done) / absl::ToDoubleSeconds(report.took);
  std::cout << "\n";
  const std::string what =
      absl::StrCat(with_commas(report.done), " of ", with_commas(seeds), " seeds, ",
                   with_commas(report.tally.events), " events in ", for_people(report.took), ", ",
                   with_commas(static_cast<std::uint64_t>(rate)), " seeds/s");
  if (report.findings.empty()) return done(what + ": all properties held", absl::ZeroDuration());
  failed(what, "");
  for (const SweepFinding& finding : report.findings)
    std::cout << "\n" << cli::story(finding, paint_) << std::flush;
}

void UpScreen::begin(const live::Story& story) {
  part(story.title);
  note(paint_(Colour::kDim, absl::StrCat("(", std::string(story.why), ")")));
}

void UpScreen::step(const live::Step& step, const live::Seen& seen, absl::Duration took) {
  if (!seen.ok()) return failed(step.text, std::string(seen.status().message()));
  const std::string detail =
      seen->empty() ? "" : paint_(Colour::kDim, absl::StrCat("  (", *seen, ")"));
  done(absl::StrCat(std::string(step.text), detail), took);
}

void UpScreen::skipped(const live::Story& story, std::string_view why) {
  part(story.title);
  note(absl::StrCat("skipped: ", std::string(why)));
}

void UpScreen::addresses(const live::Serving& serving) {
  const auto line = [this](std::string_view name, std::string_view value) {
    std::cout << "   " << paint_(Colour::kDim, absl::StrFormat("%-12s", std::string(name))) << value
              << "\n";
  };
  if (serving.app.empty()) {
    line("the app", "is not built: it needs Node 18 and npm; the API is there all the same");
  }
  line("API", serving.api + "/v1/orders");
  line(serving.app.empty() ? "status" : "status page", serving.status);
  line("Kafka", serving.kafka);
  line("databases", absl::StrCat("psql \"", serving.orders_database, "\""));
  line("", absl::StrCat("psql \"", serving.inventory_database, "\""));
  line("logs", serving.folder);
  std::cout << "\n   Try it:\n     curl -i " << serving.api
            << "/v1/orders -H 'Content-Type: application/json' \\\n"
            << R"(          -d '{"userId":"you","sku":"burger","quantity":2}')"
            << "\n     curl " << serving.api << "/v1/orders?userId=you\n";
  if (!serving.app.empty()) {
    std::cout << "\n   " << paint_(Colour::kBold, "Order with your thumb: " + serving.app) << "\n";
  }
  std::cout << std::flush;
}

}  // namespace quickbite::cli
