#include "file/circuit_text.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "circuit/environment.h"
#include "circuit/flatten.h"
#include "random_circuit.h"

namespace flux {
namespace {

Circuit parsed(std::string_view text) {
  auto circuit = parse_circuit_text(text, "c.json");
  EXPECT_TRUE(circuit.ok()) << (circuit ? "" : circuit.error().message());
  return circuit ? std::move(circuit).value() : Circuit{};
}

std::string error_of(std::string_view text) {
  const auto circuit = parse_circuit_text(text, "c.json");
  EXPECT_FALSE(circuit.ok()) << text;
  return circuit ? "" : circuit.error().message();
}

// The error must be at the place before which the text has a caret.
void expect_error(std::string text, std::string_view words) {
  const std::size_t place = text.find('^');
  ASSERT_NE(place, std::string::npos) << text;
  text.erase(place, 1);
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(place), '\n');
  const std::size_t line_start = place == 0 ? 0 : text.rfind('\n', place - 1) + 1;
  const std::string where = "c.json:" + std::to_string(line) + ":" + std::to_string(place - line_start + 1) + ": ";
  const std::string message = error_of(text);
  EXPECT_EQ(message.substr(0, where.size()), where) << message << "\n" << text;
  EXPECT_NE(message.find(words), std::string::npos) << message;
}

constexpr std::string_view FLUX_SAMPLE = R"(// A reflex.
// Touch it and it pulls back.
{
  "flux": 1,
  "title": "Reflex arc",
  "description": "From **skin** to muscle.\nTry it.",
  "settings": {"seed": 7, "tick": "500us", "thresholdNoise": 3, "delayJitter": 2},
  "neurons": [
    // skin
    {"id": "touch", "threshold": 60, "inputAlias": "skin", "inputDescription": "pressure", "position": [0, -1.5]},
    {"id": "pool", "count": 100, "threshold": 60, "minThreshold": 30, "maxThreshold": 90, "leak": 0, "refractoryPeriod": 9, "habituationRate": 1, "potentiationRate": 2, "modulationLeak": 3, "burstingRate": 4, "autoFiringRate": 5000, "modulates": "learning", "outputAlias": "out", "outputDescription": "all"}
  ],
  "synapses": [
    {"from": "touch", "to": "pool[3]", "type": "modulator", "weight": -90, "length": 5, "stmRate": 1, "ltmRate": 2, "restorationRate": 3, "longTerm": -32512},
    // back
    //
    // again
    {"from": "pool[99]", "to": "touch"}
  ],
  "fibers": [
    {"from": ["pool", "touch"], "to": ["pool"], "rule": "fanout", "fanout": 10, "allowSelf": true, "type": "electric", "weight": [5, 30], "length": [1, 16], "stmRate": 9, "seed": 18446744073709551615},
    {"from": ["pool"], "to": ["pool"], "rule": "one-to-one", "allowSelf": true},
    {"from": ["pool"], "to": ["touch"], "rule": "probability", "probability": 0.1, "weight": -4, "length": 3},
    {"from": ["touch"], "to": ["pool"], "rule": "all-to-all"}
  ]
}
)";

TEST(CircuitText, ReadsEveryField) {
  const Circuit c = parsed(FLUX_SAMPLE);
  EXPECT_EQ(c.comment, "A reflex.\nTouch it and it pulls back.");
  EXPECT_EQ(c.title, "Reflex arc");
  EXPECT_EQ(c.description, "From **skin** to muscle.\nTry it.");
  EXPECT_EQ(c.settings, (NetworkSettings{500, 7, 3, 2}));
  ASSERT_EQ(c.neurons.size(), 2u);
  EXPECT_EQ(c.neurons[0].comment, "skin");
  EXPECT_EQ(c.neurons[0].count, 0u);
  EXPECT_EQ(c.neurons[0].properties.min_threshold, 60) << "by default the threshold";
  EXPECT_EQ(c.neurons[0].properties.max_threshold, 60);
  EXPECT_EQ(c.neurons[0].position, (Position{0, -1.5}));
  EXPECT_EQ(c.neurons[1].properties, (NeuronProperties{60, 30, 90, 0, 9, 1, 2, 3, 4, modulates_learning, 5000}));
  ASSERT_EQ(c.synapses.size(), 2u);
  EXPECT_EQ(c.synapses[0], (SynapseNode{0, 4, {SynapseType::modulator, -90, 5, 1, 2, 3}, -32512, ""}));
  EXPECT_EQ(c.synapses[1], (SynapseNode{100, 0, {}, 0, "back\n\nagain"}));
  ASSERT_EQ(c.fibers.size(), 4u);
  EXPECT_EQ(c.fibers[0].sources, (std::vector<std::uint32_t>{1, 0}));
  EXPECT_EQ(c.fibers[0].fanout, 10u);
  EXPECT_EQ(c.fibers[0].weight, (Range{5, 30}));
  EXPECT_EQ(c.fibers[0].seed, ~std::uint64_t{0});
  EXPECT_EQ(c.fibers[0].properties.type, SynapseType::electric);
  EXPECT_EQ(c.fibers[1].rule, FiberRule::one_to_one);
  EXPECT_EQ(c.fibers[2].probability, 0.1);
  EXPECT_EQ(c.fibers[2].weight, (Range{-4, -4}));
  EXPECT_EQ(c.fibers[3].rule, FiberRule::all_to_all);
}

TEST(CircuitText, CanonicalTextIsWrittenAsItWasRead) { EXPECT_EQ(write_circuit_text(parsed(FLUX_SAMPLE)), FLUX_SAMPLE); }

TEST(CircuitText, RandomCircuitsSurvive) {
  std::size_t synapses = 0, comments = 0;
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    const Circuit circuit = test::RandomCircuit(seed).make();
    const std::string text = write_circuit_text(circuit);
    const auto back = parse_circuit_text(text, "c");
    ASSERT_TRUE(back.ok()) << back.error().message() << "\n" << text;
    ASSERT_EQ(back.value(), circuit) << "seed " << seed << "\n" << text;
    ASSERT_EQ(write_circuit_text(back.value()), text) << "seed " << seed;
    synapses += circuit.synapses.size();
    for (const NeuronNode& node : circuit.neurons) comments += node.comment.empty() ? 0 : 1;
  }
  EXPECT_GT(synapses, 1000u);
  EXPECT_GT(comments, 100u);
}

TEST(CircuitText, DefaultsAreLeftOut) {
  EXPECT_EQ(write_circuit_text(Circuit{}), "{\n  \"flux\": 1\n}\n");
  EXPECT_EQ(write_circuit_text(
                parsed(R"({"flux": 1, "neurons": [{"id": "a", "leak": 20, "minThreshold": 127, "modulates": "both"}], "fibers": []})")),
            "{\n  \"flux\": 1,\n  \"neurons\": [\n    {\"id\": \"a\"}\n  ]\n}\n");
}

TEST(CircuitText, ListsMayComeInAnyOrder) {
  const Circuit c = parsed(R"({"synapses": [{"to": "a", "from": "b"}], "neurons": [{"id": "a"}, {"id": "b"}], "flux": 1})");
  ASSERT_EQ(c.synapses.size(), 1u);
  EXPECT_EQ(c.synapses[0].source, 1u);
}

// No comment is lost, wherever it stands.
TEST(CircuitText, CommentsKeepTheirElement) {
  const Circuit c = parsed(
      "// head\r\n{ // open\n \"flux\": 1, /* one\n two */ \"neurons\": [ // first\n"
      " {\"id\": \"a\"}, // of a\n // of b\n {\"id\": /* inside b */ \"b\"}\n // last\n ] // behind\n, \"fibers\": [ /* none */ ] } // "
      "end");
  ASSERT_EQ(c.neurons.size(), 2u);
  EXPECT_EQ(c.neurons[0].comment, "first\nof a");
  EXPECT_EQ(c.neurons[1].comment, "of b\ninside b \nlast");
  EXPECT_EQ(c.comment, "head\nopen\none\n two \nbehind\nnone \nend");
  const std::string text = write_circuit_text(c);
  EXPECT_EQ(parsed(text), c);
}

TEST(CircuitText, ByteOrderMarkIsSkipped) { EXPECT_EQ(parsed("\xef\xbb\xbf// x\n{\"flux\": 1}").comment, "x"); }

TEST(CircuitText, ErrorsOfSyntaxHaveTheirPlace) {
  expect_error("^", "not valid JSON");
  expect_error("{\"flux\": 1,\n  \"title\": ^}", "not valid JSON");
  expect_error("{\"flux\": 1, ^}", "not valid JSON");
  expect_error("{\"flux\": 1} ^x", "not valid JSON");
  expect_error("{\"flux\": 1, \"title\": \"^\xff\"}", "UTF-8");
  expect_error(std::string("{\"flux\": 1}^\0", 13), "control character");
  expect_error("{\"flux\": 1, /* never ends^", "comment");
  expect_error(std::string(256, '[') + "^[", "256 deep");
  expect_error("^[1]", "must be an object");
}

TEST(CircuitText, ColumnsCountCharacters) {
  EXPECT_EQ(
      error_of("{\"flux\": 1, \"title\": \"мозг\", \"titel\": 1}").find("c.json:1:30: a circuit has no \"titel\"; did you mean \"title\"?"),
      0u);
}

// Programs whose numbers are doubles cannot write all 64 bits otherwise.
TEST(CircuitText, SeedsMayStandInQuotes) {
  EXPECT_EQ(parsed(R"({"flux": 1, "settings": {"seed": "18446744073709551615"}})").settings.seed, UINT64_MAX);
  expect_error(R"({"flux": 1, "settings": {"seed": ^"18446744073709551616"}})", "must be a whole number from 0 to 18446744073709551615");
  expect_error(R"({"flux": 1, "settings": {"seed": ^"7 "}})", "must be a whole number from 0 to 18446744073709551615");
  expect_error(R"({"flux": 1, "settings": {"seed": ^""}})", "must be a whole number from 0 to 18446744073709551615");
}

TEST(CircuitText, ErrorsOfValues) {
  const auto expect_neuron_error = [](const std::string& members, std::string_view words) {
    expect_error("{\"flux\": 1, \"neurons\": [\n{\"id\": \"a\", " + members + "}]}", words);
  };
  expect_error("^{\"neurons\": []}", "\"flux\" is missing");
  expect_error("{\"flux\": ^2}", "version");
  expect_neuron_error("\"threshold\": ^256", "\"threshold\" of 256 is outside 1..255");
  expect_neuron_error("\"threshold\": ^-1", "outside 1..255");
  expect_neuron_error("\"threshold\": ^18446744073709551615", "outside 1..255");
  expect_neuron_error("\"threshold\": ^1.5", "must be a whole number, not a number with a fraction");
  expect_neuron_error("\"threshold\": ^18446744073709551616", "must be a whole number, not a whole number of more than 64 bits");
  expect_neuron_error("\"threshold\": ^-9223372036854775809", "not a whole number of more than 64 bits");
  expect_neuron_error("\"threshold\": ^\"60\"", "must be a whole number, not text");
  expect_neuron_error("^\"treshold\": 60", "did you mean \"threshold\"?");
  expect_neuron_error("^\"min_threshold\": 60", "did you mean \"minThreshold\"?");
  expect_neuron_error("^\"weight\": 60", "remove it");
  expect_neuron_error("\"leak\": 1, ^\"leak\": 2", "given twice");
  expect_neuron_error("\"count\": ^0", "outside 1..16777216");
  expect_neuron_error("\"modulates\": ^\"tresholds\"", "did you mean \"threshold\"?");
  expect_neuron_error("\"position\": ^[1]", "list of x and y");
  expect_neuron_error("\"position\": [1, ^\"x\"]", "must be a number");
  expect_neuron_error("\"leak\": 1}, ^{\"leak\": 1", "needs \"id\"");
  expect_neuron_error("\"leak\": 1}, ^{\"id\": \"a\"", "used twice");
  expect_neuron_error("\"leak\": 1}, ^5, {\"id\": \"b\"", "must be an object");
  expect_error(R"({"flux": 1, "settings": {"tick": ^"20ms"}})", "0.1ms to 10ms");
  expect_error(R"({"flux": 1, "settings": {"tick": ^"1"}})", "0.1ms to 10ms");
  expect_error(R"({"flux": 1, "settings": {"tick": ^"0.0005ms"}})", "0.1ms to 10ms");
  expect_error(R"({"flux": 1, "settings": {"seed": ^-1}})", "seed");
  expect_error(R"({"flux": 1, "neurons": ^{}})", "must be a list");
}

TEST(CircuitText, EnvironmentHasItsLimits) {
  const auto problem = [](const Environment& environment) {
    Circuit circuit;
    circuit.environment = environment;
    const auto errors = check_errors(circuit);
    return errors.empty() ? std::string() : errors.front().what;
  };
  EXPECT_EQ(problem({{std::string(64, 'A'), std::string(4096, 'x')}}), "");
  EXPECT_NE(problem({{std::string(65, 'A'), std::int64_t{1}}}).find("longer than 64 bytes"), std::string::npos);
  EXPECT_NE(problem({{"A", std::string(4097, 'x')}}).find("longer than 4096 bytes"), std::string::npos);
  EXPECT_NE(problem({{"A-B", std::int64_t{1}}}).find("other characters"), std::string::npos);
  EXPECT_NE(problem({{"A", std::string("\xff")}}).find("UTF-8"), std::string::npos);
  Environment many;
  for (int i = 0; i < 1024; ++i) many["V" + std::to_string(i)] = std::int64_t{i};
  EXPECT_EQ(problem(many), "");
  Circuit circuit;
  circuit.environment = many;
  EXPECT_TRUE(parsed(write_circuit_text(circuit)) == circuit);
  many["ONE_MORE"] = 0.5;
  EXPECT_NE(problem(many).find("1025 environment variables are more than the limit of 1024"), std::string::npos);
}

TEST(CircuitText, OrgansReadTheEnvironment) {
  const Environment environment = {{"SPEED", std::int64_t{3}}, {"ROOM", std::string("a \"b\"")}, {"GAIN", 0.5}};
  const auto effective = effective_settings(
      R"({"$SPEED": "$SPEED", "deep": {"list": ["$ROOM", "$GAIN", "$$SPEED", "$5", "a $SPEED"]}, "lost": "$GONE"})", environment);
  EXPECT_EQ(effective.json, R"({"$SPEED": 3, "deep": {"list": ["a \"b\"", 0.5, "$SPEED", "$5", "a $SPEED"]}, "lost": "$GONE"})");
  EXPECT_EQ(effective.missing, std::vector<std::string>{"GONE"});
  const InspectedText inspected = inspect_circuit_text(R"({"flux": 1, "environment": {"SPEED": 3},
"organs": [{"id": "motor", "type": "wheel", "settings": {"speed": "$SPEED", "gain": "$GAIN"}, "inputs": [{"id": "turn", "inputAlias": "t"}]}]})",
                                                       "c.json");
  ASSERT_TRUE(inspected.circuit.has_value());
  ASSERT_EQ(inspected.diagnostics.size(), 1u);
  EXPECT_EQ(inspected.diagnostics[0].line, 2u);
  EXPECT_NE(inspected.diagnostics[0].what.find("there is no environment variable \"GAIN\""), std::string::npos);
}

TEST(CircuitText, ErrorsOfConnections) {
  const auto expect_error_in = [](const std::string& list, const std::string& members, std::string_view words) {
    expect_error(
        "{\"flux\": 1, \"neurons\": [{\"id\": \"alpha\"}, {\"id\": \"pool\", \"count\": 3}], \"" + list + "\": [\n" + members + "]}",
        words);
  };
  expect_error_in("synapses", R"(^{"from": "alpha"})", "needs \"to\"");
  expect_error_in("synapses", R"({"from": ^"alpah", "to": "alpha"})", "did you mean \"alpha\"?");
  expect_error_in("synapses", R"({"from": ^"pool", "to": "alpha"})", "population of 3");
  expect_error_in("synapses", R"({"from": ^"pool[3]", "to": "alpha"})", "has no neuron 3");
  expect_error_in("synapses", R"({"from": ^"alpha[0]", "to": "alpha"})", "single neuron");
  expect_error_in("synapses", R"({"from": "alpha", "to": "alpha", "weight": ^128})", "-128..127");
  expect_error_in("synapses", R"({"from": "alpha", "to": "alpha", "length": ^0})", "1..65535");
  expect_error_in("synapses", R"({"from": "alpha", "to": "alpha", "type": ^"gap"})", "direct, modulator or electric");
  expect_error_in("synapses", R"(^{"from": "alpha", "to": "alpha", "longTerm": 4})", "static");
  expect_error_in("fibers", R"(^{"from": "pool", "to": "pool"})", "needs \"rule\"");
  expect_error_in("fibers", R"(^{"from": [], "to": "pool", "rule": "all-to-all"})", "empty");
  expect_error_in("fibers", R"({"from": [^"pol"], "to": "pool", "rule": "all-to-all"})", "did you mean \"pool\"?");
  expect_error_in("fibers", R"(^{"from": "pool", "to": "pool", "rule": "fanout"})", "needs \"fanout\"");
  expect_error_in("fibers", R"({"from": "pool", "to": "pool", "rule": "all-to-all", "fanout": ^3})", "says nothing");
  expect_error_in("fibers", R"({"from": "pool", "to": "pool", "rule": "probability", "probability": ^2})", "0..1");
  expect_error_in("fibers", R"({"from": "pool", "to": "pool", "rule": "fanout", "fanout": 1, "weight": ^[9, 1]})", "lower end first");
}

TEST(CircuitText, AllProblemsAreFoundAtOnce) {
  const auto inspected = inspect_circuit_text(
      "{\"flux\": 1,\n\"neurons\": [\n{\"id\": \"a\", \"leak\": 300},\n{\"id\": \"b\", \"leek\": 3}],\n\"synapses\": [{\"from\": \"a\", "
      "\"to\": \"c\"}]}",
      "x.json");
  EXPECT_FALSE(inspected.circuit.has_value());
  ASSERT_EQ(inspected.diagnostics.size(), 3u);
  EXPECT_EQ(inspected.diagnostics[0].where(), "x.json:3:21");
  EXPECT_EQ(inspected.diagnostics[1].where(), "x.json:4:13");
  EXPECT_EQ(inspected.diagnostics[2].message(), "x.json:5:34: error: there is no neuron \"c\"; add it under \"neurons\"");
}

TEST(CircuitText, FindingsOfTheCheckHaveTheirPlace) {
  const auto inspected = inspect_circuit_text(
      "{\"flux\": 1, \"neurons\": [\n  {\"id\": \"a\", \"autoFiringRate\": 9},\n  {\"id\": \"b\", \"minThreshold\": 9}], \"synapses\": [\n"
      "    {\"from\": \"a\", \"to\": \"b\", \"type\": \"modulator\"}]}",
      "x.json");
  EXPECT_TRUE(inspected.circuit.has_value());
  ASSERT_EQ(inspected.diagnostics.size(), 2u);
  for (const Diagnostic& diagnostic : inspected.diagnostics) EXPECT_EQ(diagnostic.severity, Diagnostic::Severity::warning);
  EXPECT_EQ(inspected.diagnostics[0].where(), "x.json:3:3");
  EXPECT_EQ(inspected.diagnostics[1].where(), "x.json:4:5");
}

TEST(CircuitText, MessagesAreBounded) {
  std::string text = "{\"flux\": 1, \"neurons\": [{\"id\": \"n\"}";
  for (int i = 0; i < 5000; ++i) text += ",\n{\"leek\": 1}";
  const auto inspected = inspect_circuit_text(text + "]}", "x");
  EXPECT_FALSE(inspected.circuit.has_value());
  EXPECT_LE(inspected.diagnostics.size(), 1000u);
}

}  // namespace
}  // namespace flux
