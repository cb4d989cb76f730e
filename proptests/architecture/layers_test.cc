#include "proptests/architecture/layers.h"

#include <gtest/gtest.h>

namespace quickbite::architecture {
namespace {

TEST(Layers, AnIncludeAlongTheArrowsIsFine) {
  EXPECT_EQ(include_findings("sim/world/run.h",
                             "#include <vector>\n"
                             "#include \"domain/machine/host.h\"\n"
                             "#include \"sim/kernel/trace.h\"\n"
                             "#include \"sim/world/world.h\"\n"),
            Findings{});
}

TEST(Layers, AnIncludeAgainstTheArrowsIsFoundWithItsLine) {
  const Findings findings =
      include_findings("domain/order/rules.h", "#pragma once\n#include \"domain/port/ledger.h\"\n");
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].line, 2);
  EXPECT_EQ(findings[0].what, "includes domain/port/ledger.h, which domain/order may not know");
}

TEST(Layers, TheDomainKnowsNeitherTheSimulatorNorTheAdapters) {
  EXPECT_FALSE(may_know("domain/machine/host.h", "sim/kernel/trace.h"));
  EXPECT_FALSE(may_know("domain/port/ledger.h", "adapters/postgres/ledger.h"));
}

TEST(Layers, TheKernelKnowsNothingOfOrders) {
  EXPECT_TRUE(may_know("sim/kernel/trace.h", "domain/base/hash.h"));
  EXPECT_FALSE(may_know("sim/kernel/trace.h", "domain/order/order.h"));
  EXPECT_FALSE(may_know("sim/kernel/trace.h", "sim/fault/fault.h"));
}

TEST(Layers, ProductionServicesNeverKnowTheSimulator) {
  for (const char* folder : {"runtime", "orders", "inventory", "broker", "audit"}) {
    const std::string path = std::string("services/") + folder + "/x.cc";
    EXPECT_FALSE(may_know(path, "sim/kernel/trace.h")) << path;
    EXPECT_FALSE(may_know(std::string("services/") + folder + "/x_test.cc", "sim/world/world.h"))
        << path;
  }
  EXPECT_TRUE(may_know("services/cli/sim_main.cc", "sim/world/run.h"));
}

TEST(Layers, AnAdapterDoesNotKnowAnother) {
  EXPECT_FALSE(may_know("adapters/http/server.cc", "adapters/kafka/broker.h"));
  EXPECT_TRUE(may_know("adapters/http/guard/body.cc", "adapters/http/server.h"));
}

TEST(Layers, ATestMayKnowItsOwnTopFolder) {
  EXPECT_TRUE(may_know("domain/order/rules_test.cc", "domain/property/view.h"));
  EXPECT_FALSE(may_know("domain/order/rules.cc", "domain/property/view.h"));
  EXPECT_FALSE(may_know("domain/order/rules_test.cc", "sim/world/world.h"));
}

TEST(Layers, AFileOutsideEveryLayerIsFound) {
  EXPECT_EQ(include_findings("domain/newcomer/x.h", "").size(), 1u);
  EXPECT_EQ(include_findings("domain/x.h", "").size(), 1u);
}

TEST(Layers, AnIncludeThatIsNotWrittenFromTheRootIsFound) {
  EXPECT_EQ(include_findings("domain/order/rules.cc", "#include \"rules.h\"\n").size(), 1u);
  EXPECT_EQ(include_findings("domain/order/rules.cc", "#include \"../base/hash.h\"\n").size(), 1u);
  EXPECT_EQ(include_findings("services/orders/x.cc", "#include \"guard/body.h\"\n").size(), 1u);
  EXPECT_EQ(include_findings("services/orders/x.cc", "#include \"absl/time/time.h\"\n"),
            Findings{});
}

TEST(Layers, ALinkAgainstTheArrowsIsFound) {
  const std::string targets =
      "sim/kernel quickbite_kernel quickbite_base\n"
      "domain/base quickbite_base\n"
      "services/orders orders quickbite_kernel Threads::Threads\n";
  const Findings findings = link_findings(targets);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].what,
            "orders links quickbite_kernel of sim/kernel, which services/orders may not know");
}

}  // namespace
}  // namespace quickbite::architecture
