#include "file/edge_import.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "circuit/flatten.h"
#include "circuit/names.h"
#include "file/circuit_text.h"

namespace flux {
namespace {

EdgeImportResult imported(std::string_view synapses, std::optional<std::string_view> neurons = {}, const EdgeImportOptions& options = {}) {
  auto result = import_edges(synapses, neurons, options);
  EXPECT_TRUE(result.ok()) << (result ? "" : result.error().message());
  return result ? std::move(result).value() : EdgeImportResult{};
}

std::string error_of(std::string_view synapses, std::optional<std::string_view> neurons = {}, const EdgeImportOptions& options = {}) {
  const auto result = import_edges(synapses, neurons, options);
  EXPECT_FALSE(result.ok()) << synapses;
  return result ? "" : result.error().message();
}

void expect_error(std::string_view words, std::string_view synapses, std::optional<std::string_view> neurons = {},
                  const EdgeImportOptions& options = {}) {
  const std::string message = error_of(synapses, neurons, options);
  EXPECT_NE(message.find(words), std::string::npos) << message;
}

// "a>b:3 ..." in the order of the circuit; type and length where they are not the defaults.
std::string edges_of(const Circuit& circuit) {
  const Names names(circuit);
  std::string text;
  for (const SynapseNode& s : circuit.synapses) {
    if (!text.empty()) text += ' ';
    text += names.path(s.source) + ">" + names.path(s.target) + ":" + std::to_string(s.properties.weight);
    if (s.properties.type == SynapseType::modulator) text += "m";
    if (s.properties.type == SynapseType::electric) text += "e";
    if (s.properties.length != 10) text += "/" + std::to_string(s.properties.length);
  }
  return text;
}

TEST(EdgeImport, SeparatorsHeadersAndSpaces) {
  const std::string_view tables[] = {
      "from,to,count\na,b,3\nb,c,4\n",
      "a,b,3\nb,c,4",
      "\xef\xbb\xbf"
      "From;To;Weight\r\na;b;3\r\nb;c;4\r\n",
      "pre\tpost\tsyn_count\na\tb\t3\n\n\nb\tc\t4\n",
      "  a   b 3\n b c     4  \n",
      "# a comment\nsource, target , weight\n a , \"b\" , 3\n \"b\",c,\"4\"\n#end",
      "a,b,3\rb,c,4\r",
  };
  for (const std::string_view table : tables) EXPECT_EQ(edges_of(imported(table).circuit), "a>b:3 b>c:4") << table;
}

TEST(EdgeImport, QuotedFields) {
  EXPECT_EQ(edges_of(imported("from,to,count\n\"left, upper\",\"it's ;\",2\n").circuit), "left, upper>it's ;:2");
  expect_error("contains one of", "from,to,count\na,\"say \"\"hi\"\"\",2\n");
  expect_error("control character", "from,to,count\na,\"two\nlines\",2\n");
}

TEST(EdgeImport, WithoutCountsEachRowIsOne) {
  EXPECT_EQ(edges_of(imported("from,to\na,b\nb,a\n").circuit), "a>b:1 b>a:1");
  EXPECT_EQ(edges_of(imported("a,b\nb,a\n").circuit), "a>b:1 b>a:1") << "two rows of words are data";
  EXPECT_EQ(edges_of(imported("1 2\n2 1\n").circuit), "1>2:1 2>1:1") << "ids may be numbers";
}

TEST(EdgeImport, ColumnsByNameAndNumber) {
  const std::string_view table = "n,goes_to,comes_from,kind\n5,b,a,chemical\n";
  EdgeImportOptions options;
  options.from = "comes_from";
  options.to = "2";
  options.weight = "N";
  EXPECT_EQ(edges_of(imported(table, {}, options).circuit), "a>b:5");
  options.to = "goes too";
  expect_error("did you mean \"goes_to\"?", table, {}, options);
  options.to = "9";
  expect_error("1 to 4", table, {}, options);
  expect_error("not clear which column", table);
}

TEST(EdgeImport, HeaderToldNotDetected) {
  EdgeImportOptions options;
  options.header = CsvHeader::absent;
  EXPECT_EQ(edges_of(imported("from,to\na,b\n", {}, options).circuit), "from>to:1 a>b:1");
  options.header = CsvHeader::present;
  options.from = "1";
  options.to = "2";
  EXPECT_EQ(edges_of(imported("1,2\n3,4\n", {}, options).circuit), "3>4:1");
}

TEST(EdgeImport, TypesAndDelays) {
  const std::string_view table = "from,to,type,count,delay\na,b,chemical,3,1\na,b,Gap Junction,4,2\nb,a,modulatory,5,7\nb,b,x,6,10\n";
  expect_error("synapses.csv:5: \"x\" is not a known type", table);
  EdgeImportOptions options;
  options.type_map = {{"X", SynapseType::modulator}, {"chemical", SynapseType::electric}};
  EXPECT_EQ(edges_of(imported(table, {}, options).circuit), "a>b:3e/1 a>b:4e/2 b>a:5m/7 b>b:6m");
  expect_error("1..65535", "from,to,delay\na,b,0\n");
  expect_error("1..65535", "from,to,delay\na,b,soon\n");
}

TEST(EdgeImport, ScaleRoundsExactlyAndClamps) {
  const auto weights = [](const std::string& scale, const std::string& counts) {
    EdgeImportOptions options;
    options.scale = scale;
    std::string table = "from,to,count\n";
    for (std::size_t i = 0; i < counts.size(); ++i) table += "a,b" + std::to_string(i) + "," + counts[i] + "\n";
    std::vector<int> result;
    for (const SynapseNode& s : imported(table, {}, options).circuit.synapses) result.push_back(s.properties.weight);
    return result;
  };
  EXPECT_EQ(weights("0.5", "12345"), (std::vector<int>{1, 1, 2, 2, 3})) << "ends away from 0";
  EXPECT_EQ(weights("-0.5", "12345"), (std::vector<int>{-1, -1, -2, -2, -3}));
  EXPECT_EQ(weights("0.333333", "36"), (std::vector<int>{1, 2}));
  EXPECT_EQ(weights("3e1", "1345"), (std::vector<int>{30, 90, 120, 127}));
  EXPECT_EQ(weights("-1000000000", "1"), (std::vector<int>{-128}));

  EdgeImportOptions options;
  options.scale = "30";
  const auto result = imported("from,to,count\na,b,4\na,c,5\na,d,-5\na,e,0.01\na,f,1e9\n", {}, options);
  EXPECT_EQ(edges_of(result.circuit), "a>b:120 a>c:127 a>d:-128 a>e:0 a>f:127");
  EXPECT_EQ(result.report.clamped, 3u);
  EXPECT_EQ(result.report.rounded_to_zero, 1u);
  EXPECT_EQ(result.report.inhibitory, 1u);
  EXPECT_EQ(result.report.lowest_weight, -128);
  EXPECT_EQ(result.report.highest_weight, 127);
  EXPECT_NE(result.report.text().find("3 weights clamped to -128..127"), std::string::npos) << result.report.text();
  for (const char* scale : {"", "x", "1.2.3", "1e", "--1", "1e400", "nan"}) {
    options.scale = scale;
    expect_error("scale", "a,b,1\n", {}, options);
  }
}

TEST(EdgeImport, Duplicates) {
  const std::string_view table =
      "from,to,type,count\na,b,chemical,0.4\na,b,chemical,0.4\nb,a,chemical,1\na,b,electrical,3\na,b,chemical,0.4\n";
  const auto merged = imported(table);
  EXPECT_EQ(edges_of(merged.circuit), "a>b:1 a>b:3e b>a:1") << "counts are summed before they are rounded";
  EXPECT_EQ(merged.report.merged, 2u);
  EdgeImportOptions options;
  options.duplicates = Duplicates::keep;
  EXPECT_EQ(edges_of(imported(table, {}, options).circuit), "a>b:0 a>b:0 a>b:0 a>b:3e b>a:1");
}

TEST(EdgeImport, SelfConnections) {
  const auto kept = imported("a,a,2\na,b,1\n");
  EXPECT_EQ(edges_of(kept.circuit), "a>a:2 a>b:1");
  EXPECT_EQ(kept.report.self_connections, 1u);
  EdgeImportOptions options;
  options.self_connections = SelfConnections::drop;
  const auto dropped = imported("a,a,2\na,b,1\n", {}, options);
  EXPECT_EQ(edges_of(dropped.circuit), "a>b:1");
  EXPECT_NE(dropped.report.text().find("1 self-connections dropped"), std::string::npos) << dropped.report.text();
}

TEST(EdgeImport, TableOfNeurons) {
  const std::string_view neurons = "transmitter,name\nACh,c\nGABA,b\n\"Glu, GABA\",a\n,lonely\n";
  EdgeImportOptions options;
  options.inhibitory_column = "transmitter";
  options.inhibitory_values = {"gaba"};
  const auto result = imported("from,to,count,type\na,b,1,chem\nb,c,2,chem\nc,a,3,chem\na,c,4,electrical\n", neurons, options);
  EXPECT_EQ(result.circuit.neurons[0].id, "c") << "in the order of the table";
  EXPECT_EQ(edges_of(result.circuit), "c>a:3 b>c:-2 a>c:4e a>b:-1");
  EXPECT_EQ(result.report.isolated_neurons, 1u);
  EXPECT_EQ(result.report.inhibitory, 2u);
  options.inhibitory_column = "transmiter";
  expect_error("did you mean \"transmitter\"?", "a,b,1\n", neurons, options);
  expect_error("there is none", "a,b,1\n", {}, options);
}

TEST(EdgeImport, UnknownNeurons) {
  const std::string_view neurons = "id\nalpha\nbeta\n";
  expect_error("synapses.csv:3: the neuron \"alhpa\" is not in neurons.csv; did you mean \"alpha\"?", "from,to\nalpha,beta\nalhpa,beta\n",
               neurons);
  EdgeImportOptions options;
  options.add_missing = true;
  const auto result = imported("alpha,beta,1\nalpha,gamma,2\n", neurons, options);
  EXPECT_EQ(edges_of(result.circuit), "alpha>beta:1 alpha>gamma:2");
  EXPECT_EQ(result.report.added_neurons, 1u);
  expect_error("neurons.csv:3: the neuron \"alpha\" is there twice", "a,b\n", "id\nalpha\nalpha\n");
}

TEST(EdgeImport, Errors) {
  expect_error("empty", "");
  expect_error("empty", "\n\n# only comments\n");
  expect_error("synapses.csv:2: the row has 2 fields, column 3 is missing", "from,to,count\na,b\n");
  expect_error("synapses.csv:2: \"many\" is not a count", "from,to,count\na,b,many\n");
  expect_error("synapses.csv:2: a quote is opened", "from,to,count\na,\"b,1\nc,d,1\n");
  expect_error("behind a closing quote", "from,to,count\na,\"b\"x,1\n");
  expect_error("synapses.csv:2: the name \"a/b\" contains", "from,to,count\na/b,c,1\n");
  expect_error("is empty", "from,to,count\n,c,1\n");
  expect_error("UTF-8", "from,to,count\n\xff,c,1\n");
}

TEST(EdgeImport, NothingIsDroppedInSilence) {
  const EdgeImportResult delays = imported("from,to,delay\na,b,1.5\nb,c,2\nc,a,2.25\n");
  EXPECT_EQ(delays.report.rounded_delays, 2u);
  EXPECT_NE(delays.report.text().find("2 rows whose delay was rounded to whole ticks"), std::string::npos) << delays.report.text();
  expect_error("table:3: the row has 4 fields, but the table has 3 columns", "from,to,count\na,b,3\nb,c,4,5\n", {}, [] {
    EdgeImportOptions options;
    options.synapses_name = "table";
    return options;
  }());
  EXPECT_EQ(edges_of(imported("from,to,count\na,b,3,,\nb,c,4,\n").circuit), "a>b:3 b>c:4") << "empty fields say nothing";
  expect_error("has a header and no rows", "from,to,count\n");
  expect_error("has a header and no rows", "a,b,3\n", "id,type\n");
  EdgeImportOptions options;
  options.inhibitory_column = "transmitter";
  options.inhibitory_values = {"GABBA"};
  expect_error("no neuron has GABBA in column 2 (transmitter); it has ACh, GABA", "a,b,3\n", "id,transmitter\na,GABA\nb,ACh\n", options);
  options.inhibitory_values = {"gaba"};
  EXPECT_EQ(edges_of(imported("a,b,3\n", "id,transmitter\na,GABA\nb,ACh\n", options).circuit), "a>b:-3");
}

TEST(EdgeImport, ResultIsACircuit) {
  EdgeImportOptions options;
  options.title = "Ring";
  options.neuron.threshold = options.neuron.min_threshold = options.neuron.max_threshold = 40;
  options.length = 3;
  const Circuit circuit = imported("a,b,90\nb,c,90\nc,a,90\n", {}, options).circuit;
  const auto back = parse_circuit_text(write_circuit_text(circuit), "x");
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back.value(), circuit);
  EXPECT_EQ(circuit.neurons[2].properties.threshold, 40);
  EXPECT_EQ(circuit.title, "Ring");
  EXPECT_EQ(edges_of(circuit), "a>b:90/3 b>c:90/3 c>a:90/3");
  EXPECT_TRUE(flatten(circuit).ok());
}

// --- Real data -------------------------------------------------------------------------------------------------------------------------

std::string shared_file(const std::string& name) {
  const char* folder = std::getenv("FLUX_SHARED");
  const std::filesystem::path path = std::filesystem::path(folder ? folder : FLUX_SOURCE_DIR "/../shared") / "data" / name;
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << "this test needs " << path << "; set FLUX_SHARED to the folder that holds data/";
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(EdgeImport, WormImportsWithDefaults) {
  EdgeImportOptions options;
  options.inhibitory_column = "neurotransmitters";
  options.inhibitory_values = {"GABA"};
  const auto result = imported(shared_file("celegans/synapses.csv"), shared_file("celegans/cells.csv"), options);
  EXPECT_EQ(result.report.rows, 3225u);
  EXPECT_EQ(result.report.neurons, 279u);
  EXPECT_EQ(result.report.synapses, 3225u);
  EXPECT_EQ(result.report.by_type[0], 2194u);
  EXPECT_EQ(result.report.by_type[2], 1031u);
  EXPECT_EQ(result.report.inhibitory, 76u);
  EXPECT_EQ(result.report.merged, 0u);
  EXPECT_EQ(result.report.clamped, 0u);
  EXPECT_EQ(result.report.self_connections, 3u);
  const Names names(result.circuit);
  EXPECT_TRUE(names.find("AVAL") && names.find("PLMR"));
  EXPECT_TRUE(flatten(result.circuit).ok());
}

TEST(EdgeImport, LarvaImportsWithDefaults) {
  const auto result = imported(shared_file("larva/synapses.csv"), shared_file("larva/neurons.csv"));
  EXPECT_EQ(result.report.rows, 111243u);
  EXPECT_EQ(result.report.neurons, 3013u);
  EXPECT_EQ(result.report.synapses + result.report.merged, 111243u);
  EXPECT_EQ(result.report.by_type[0], result.report.synapses);
  EXPECT_EQ(result.report.clamped, 0u);
  const auto graph = flatten(result.circuit);
  ASSERT_TRUE(graph.ok());
  EXPECT_EQ(graph.value().synapse_count(), result.report.synapses);
}

}  // namespace
}  // namespace flux
