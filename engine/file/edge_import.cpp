#include "file/edge_import.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <unordered_map>

#include "circuit/flatten.h"
#include "circuit/identifier.h"
#include "circuit/schema.h"
#include "csv.h"
#include "decimal.h"
#include "fmt/format.h"
#include "suggest.h"

namespace flux {
namespace {

// Usual headers, normalized.
constexpr std::array<std::string_view, 11> FLUX_FROM_NAMES = {
    "from", "source", "pre", "presynaptic", "preid", "prename", "sourceid", "bodyidpre", "prerootid", "neuron1", "presynapticneuron"};
constexpr std::array<std::string_view, 11> FLUX_TO_NAMES = {
    "to", "target", "post", "postsynaptic", "postid", "postname", "targetid", "bodyidpost", "postrootid", "neuron2", "postsynapticneuron"};
constexpr std::array<std::string_view, 9> FLUX_WEIGHT_NAMES = {"weight",   "count",    "counts", "syncount", "synapses",
                                                               "contacts", "strength", "nbr",    "number"};
constexpr std::array<std::string_view, 3> FLUX_TYPE_NAMES = {"type", "kind", "synapsetype"};
constexpr std::array<std::string_view, 3> FLUX_DELAY_NAMES = {"delay", "length", "lag"};
constexpr std::array<std::string_view, 8> FLUX_ID_NAMES = {"id", "name", "neuron", "neuronid", "cell", "rootid", "bodyid", "cellname"};

constexpr std::array<std::pair<std::string_view, SynapseType>, 13> FLUX_TYPE_WORDS = {{
    {"", SynapseType::direct},
    {"direct", SynapseType::direct},
    {"chemical", SynapseType::direct},
    {"chem", SynapseType::direct},
    {"electric", SynapseType::electric},
    {"electrical", SynapseType::electric},
    {"gapjunction", SynapseType::electric},
    {"gap", SynapseType::electric},
    {"ej", SynapseType::electric},
    {"modulator", SynapseType::modulator},
    {"modulatory", SynapseType::modulator},
    {"neuromodulatory", SynapseType::modulator},
    {"neuromodulator", SynapseType::modulator},
}};

constexpr std::size_t FLUX_MOST_SIGNS = 8;  // told when none of the wanted ones is there

struct Columns {
  std::size_t from = 0, to = 0;
  std::optional<std::size_t> weight, type, delay;
};

struct Edge {
  NeuronIndex source, target;
  SynapseType type;
  std::uint16_t length;
  std::int64_t count;  // millionths

  auto key() const { return std::tuple(source, target, type, length); }
};

template <std::size_t... Sizes>
std::vector<std::string_view> all_of(const std::array<std::string_view, Sizes>&... lists) {
  std::vector<std::string_view> names;
  (names.insert(names.end(), lists.begin(), lists.end()), ...);
  return names;
}

class EdgeImporter {
 public:
  explicit EdgeImporter(const EdgeImportOptions& options) : options_(options) {}

  Result<EdgeImportResult> run(std::string_view synapses_csv, std::optional<std::string_view> neurons_csv) {
    if (Status status = read_options(neurons_csv.has_value()); !status) return status.error();
    if (neurons_csv) {
      if (Status status = read_neurons(*neurons_csv); !status) return status.error();
    }
    may_add_ = options_.add_missing || !neurons_csv;
    if (Status status = read_edges(synapses_csv); !status) return status.error();
    make_synapses();
    count_neurons();
    circuit_.title = options_.title;
    if (Status status = refuse_errors(circuit_); !status) return status.error();
    return EdgeImportResult{std::move(circuit_), std::move(report_)};
  }

 private:
  Status read_options(bool has_neurons) {
    const auto scale = parse_millionths(options_.scale);
    if (!scale) return Error{fmt::format("a scale of \"{}\" is not a number", options_.scale), "scale", "give one like 2, 0.5 or -1.25"};
    scale_ = *scale;
    if (options_.length == 0) return Error{"a length of 0 is outside 1..65535", "length", "give at least 1"};
    if (!options_.inhibitory_column.empty() && !has_neurons) {
      return Error{"signs come from a column of the table of neurons, and there is none", "inhibitory", "give the table of neurons too"};
    }
    for (const auto& [word, type] : options_.type_map) type_by_word_.insert_or_assign(normalized(word), type);
    for (const auto& [word, type] : FLUX_TYPE_WORDS) type_by_word_.emplace(std::string(word), type);
    return {};
  }

  // --- Neurons ------------------------------------------------------------------------------------------------------------------------
  Status read_neurons(std::string_view csv) {
    const bool by_header = !options_.inhibitory_column.empty() && !parse_millionths(options_.inhibitory_column);
    const CsvHeader header = options_.neuron_header == CsvHeader::detect && by_header ? CsvHeader::present : options_.neuron_header;
    auto opened = CsvTable::open(csv, options_.neurons_name, header, FLUX_ID_NAMES);
    if (!opened) return opened.error();
    CsvTable& table = opened.value();
    std::size_t id_column = table.column_with(FLUX_ID_NAMES).value_or(0);
    if (!options_.neuron_id.empty()) {
      const auto column = table.column(options_.neuron_id, "neuron id");
      if (!column) return column.error();
      id_column = column.value();
    }
    std::optional<std::size_t> sign_column;
    if (!options_.inhibitory_column.empty()) {
      const auto column = table.column(options_.inhibitory_column, "inhibitory");
      if (!column) return column.error();
      sign_column = column.value();
    }
    CsvRow row;
    for (;;) {
      const auto more = table.next(row);
      if (!more) return more.error();
      if (!more.value()) return sign_column ? check_signs(table, *sign_column) : Status();
      if (row.fields.size() <= id_column) return too_short(table.reader(), row, id_column);
      const std::string_view sign = sign_column && *sign_column < row.fields.size() ? row.fields[*sign_column] : std::string_view();
      const bool inhibits = !sign.empty() && is_inhibitory(sign);
      if (!sign.empty() && signs_.size() < FLUX_MOST_SIGNS) signs_.emplace(sign);
      if (Status status = add_neuron(row.fields[id_column], inhibits, table.reader().where(row.line)); !status) return status;
    }
  }

  // Words that no neuron has are a slip that would turn all inhibition into excitation.
  Status check_signs(const CsvTable& table, std::size_t column) const {
    if (std::find(inhibits_.begin(), inhibits_.end(), true) != inhibits_.end()) return {};
    return Error{fmt::format("no neuron has {} in column {}", fmt::join(options_.inhibitory_values, " or "), table.label(column)),
                 options_.neurons_name,
                 signs_.empty() ? "the column is empty: name another" : fmt::format("it has {}", fmt::join(signs_, ", "))};
  }

  bool is_inhibitory(std::string_view field) const {
    const auto matches = [&](std::string_view word) {
      return std::any_of(options_.inhibitory_values.begin(), options_.inhibitory_values.end(),
                         [&](const std::string& value) { return !normalized(value).empty() && normalized(value) == normalized(word); });
    };
    if (matches(field)) return true;
    while (!field.empty()) {
      const std::size_t end = std::min(field.find_first_of(" ,;/|&+"), field.size());
      if (matches(field.substr(0, end))) return true;
      field.remove_prefix(std::min(end + 1, field.size()));
    }
    return false;
  }

  Status add_neuron(std::string_view id, bool inhibits, const std::string& where) {
    if (const auto problem = identifier_problem(id)) {
      return Error{fmt::format("the name \"{}\" {}", id, *problem), where, "rename the neuron"};
    }
    if (circuit_.neurons.size() >= FLUX_MAX_NEURONS) return Error{"there are too many neurons", where, "import a part of them"};
    if (!index_by_id_.emplace(std::string(id), static_cast<NeuronIndex>(circuit_.neurons.size())).second) {
      return Error{fmt::format("the neuron \"{}\" is there twice", id), where, "remove one of the rows"};
    }
    NeuronNode node;
    node.id = id;
    node.properties = options_.neuron;
    circuit_.neurons.push_back(std::move(node));
    inhibits_.push_back(inhibits);
    return {};
  }

  // --- Synapses -----------------------------------------------------------------------------------------------------------------------
  Status read_edges(std::string_view csv) {
    const auto usual = all_of(FLUX_FROM_NAMES, FLUX_TO_NAMES, FLUX_WEIGHT_NAMES, FLUX_TYPE_NAMES, FLUX_DELAY_NAMES);
    auto opened = CsvTable::open(csv, options_.synapses_name, wanted_header(), usual);
    if (!opened) return opened.error();
    CsvTable& table = opened.value();
    const auto columns = find_columns(table);
    if (!columns) return columns.error();
    CsvRow row;
    for (;;) {
      const auto more = table.next(row);
      if (!more) return more.error();
      if (!more.value()) return {};
      if (Status status = read_edge(table.reader(), columns.value(), row); !status) return status;
    }
  }

  // An option that names a column by a word asks for a header.
  CsvHeader wanted_header() const {
    if (options_.header != CsvHeader::detect) return options_.header;
    for (const std::string* option : {&options_.from, &options_.to, &options_.weight, &options_.type, &options_.delay}) {
      if (!option->empty() && !parse_millionths(*option)) return CsvHeader::present;
    }
    return CsvHeader::detect;
  }

  Result<Columns> find_columns(const CsvTable& table) {
    std::optional<std::size_t> from, to;
    Columns columns;
    // Without a header: from, to, then a type if it is no number, then the count.
    const bool typed = !table.is_number(2) && table.column_count() > 3;
    const auto place = [&](std::size_t column) {
      return column < table.column_count() && !table.has_header() ? std::optional(column) : std::nullopt;
    };
    if (Status s = choose(table, options_.from, "from", FLUX_FROM_NAMES, place(0), from); !s) return s.error();
    if (Status s = choose(table, options_.to, "to", FLUX_TO_NAMES, place(1), to); !s) return s.error();
    if (Status s = choose(table, options_.weight, "weight", FLUX_WEIGHT_NAMES, place(typed ? 3 : 2), columns.weight); !s) return s.error();
    if (Status s = choose(table, options_.type, "type", FLUX_TYPE_NAMES, typed ? place(2) : std::nullopt, columns.type); !s)
      return s.error();
    if (Status s = choose(table, options_.delay, "delay", FLUX_DELAY_NAMES, std::nullopt, columns.delay); !s) return s.error();
    if (!from || !to) {
      return Error{fmt::format("it is not clear which column says where synapses {}", from ? "go to" : "come from"), table.reader().name(),
                   "name the columns with the options from and to, by header or by number"};
    }
    columns.from = *from;
    columns.to = *to;
    return columns;
  }

  Status choose(const CsvTable& table, const std::string& option, std::string_view use, std::span<const std::string_view> usual_names,
                std::optional<std::size_t> by_place, std::optional<std::size_t>& column) {
    if (option.empty()) {
      column = table.column_with(usual_names);
      if (!column) column = by_place;
    } else {
      const auto named = table.column(option, use);
      if (!named) return named.error();
      column = named.value();
    }
    if (column) report_.columns += fmt::format("{}{}: {}", report_.columns.empty() ? "" : ", ", use, table.label(*column));
    return {};
  }

  Status read_edge(const CsvReader& reader, const Columns& columns, const CsvRow& row) {
    const std::size_t last =
        std::max({columns.from, columns.to, columns.weight.value_or(0), columns.type.value_or(0), columns.delay.value_or(0)});
    if (row.fields.size() <= last) return too_short(reader, row, last);
    ++report_.rows;
    Edge edge{0, 0, SynapseType::direct, options_.length, FLUX_MILLION};
    if (Status status = find_neuron(reader, row, columns.from, edge.source); !status) return status;
    if (Status status = find_neuron(reader, row, columns.to, edge.target); !status) return status;
    if (columns.weight) {
      const std::string_view field = row.fields[*columns.weight];
      const auto count = parse_millionths(field);
      if (!count) {
        return Error{fmt::format("\"{}\" is not a count or weight", field), reader.where(row.line),
                     "give a number, or name another column with the option weight"};
      }
      edge.count = *count;
    }
    if (columns.type) {
      const auto type = type_by_word_.find(normalized(row.fields[*columns.type]));
      if (type == type_by_word_.end()) {
        return Error{fmt::format("\"{}\" is not a known type of synapse", row.fields[*columns.type]), reader.where(row.line),
                     "say what it stands for with map-type, or name another column with the option type"};
      }
      edge.type = type->second;
    }
    if (columns.delay) {
      const auto delay = parse_millionths(row.fields[*columns.delay]);
      const std::int64_t ticks = delay ? rounded_product(*delay, FLUX_MILLION) : 0;
      if (ticks < FLUX_MIN_LENGTH || ticks > FLUX_MAX_LENGTH) {
        return Error{fmt::format("a delay of \"{}\" is outside 1..65535 ticks", row.fields[*columns.delay]), reader.where(row.line),
                     "give delays in ticks (1 ms by default)"};
      }
      edge.length = static_cast<std::uint16_t>(ticks);
      if (*delay != ticks * FLUX_MILLION) ++report_.rounded_delays;
    }
    if (edge.source == edge.target) ++report_.self_connections;
    if (edge.source != edge.target || options_.self_connections == SelfConnections::keep) edges_.push_back(edge);
    if (edges_.size() > FLUX_MAX_SYNAPSES) return Error{"there are too many synapses", reader.where(row.line), "import a part of them"};
    return {};
  }

  Status find_neuron(const CsvReader& reader, const CsvRow& row, std::size_t column, NeuronIndex& index) {
    const std::string id(row.fields[column]);
    const auto known = index_by_id_.find(id);
    if (known != index_by_id_.end()) {
      index = known->second;
      return {};
    }
    if (!may_add_) {
      std::vector<std::string_view> ids;
      for (const NeuronNode& node : circuit_.neurons) ids.push_back(node.id);
      return Error{fmt::format("the neuron \"{}\" is not in {}", id, options_.neurons_name), reader.where(row.line),
                   did_you_mean(id, ids, "add it there") + " (or allow missing neurons to be added)"};
    }
    index = static_cast<NeuronIndex>(circuit_.neurons.size());
    ++report_.added_neurons;
    return add_neuron(id, false, reader.where(row.line));
  }

  static Error too_short(const CsvReader& reader, const CsvRow& row, std::size_t column) {
    return {fmt::format("the row has {} fields, column {} is missing", row.fields.size(), column + 1), reader.where(row.line),
            "complete the row"};
  }

  // --- Result -------------------------------------------------------------------------------------------------------------------------
  // Synapses in the order of source, target, type and length; rows alike keep their order.
  void make_synapses() {
    std::stable_sort(edges_.begin(), edges_.end(), [](const Edge& a, const Edge& b) { return a.key() < b.key(); });
    for (std::size_t i = 0; i < edges_.size();) {
      Edge edge = edges_[i++];
      for (; options_.duplicates == Duplicates::merge && i < edges_.size() && edges_[i].key() == edge.key(); ++i) {
        edge.count = saturating_sum(edge.count, edges_[i].count);
        ++report_.merged;
      }
      add_synapse(edge);
    }
  }

  void add_synapse(const Edge& edge) {
    std::int64_t exact = rounded_product(edge.count, scale_);
    if (edge.type == SynapseType::direct && inhibits_[edge.source]) exact = -exact;
    const std::int64_t weight = std::clamp(exact, FLUX_MIN_WEIGHT, FLUX_MAX_WEIGHT);
    SynapseNode synapse{edge.source, edge.target, {}, 0, {}};
    synapse.properties.type = edge.type;
    synapse.properties.weight = static_cast<std::int8_t>(weight);
    synapse.properties.length = edge.length;

    const auto as_int = static_cast<std::int32_t>(weight);
    report_.lowest_weight = circuit_.synapses.empty() ? as_int : std::min(report_.lowest_weight, as_int);
    report_.highest_weight = circuit_.synapses.empty() ? as_int : std::max(report_.highest_weight, as_int);
    report_.clamped += weight != exact ? 1 : 0;
    report_.rounded_to_zero += weight == 0 ? 1 : 0;
    report_.inhibitory += weight < 0 ? 1 : 0;
    ++report_.by_type[static_cast<std::size_t>(edge.type)];
    circuit_.synapses.push_back(std::move(synapse));
  }

  void count_neurons() {
    std::vector<bool> connected(circuit_.neurons.size(), false);
    for (const SynapseNode& synapse : circuit_.synapses) connected[synapse.source] = connected[synapse.target] = true;
    report_.neurons = circuit_.neurons.size();
    report_.isolated_neurons = static_cast<std::uint64_t>(std::count(connected.begin(), connected.end(), false));
    report_.synapses = circuit_.synapses.size();
    report_.self_connections_dropped = options_.self_connections == SelfConnections::drop;
  }

  const EdgeImportOptions& options_;
  Circuit circuit_;
  EdgeImportReport report_;
  std::int64_t scale_ = FLUX_MILLION;
  bool may_add_ = true;
  std::unordered_map<std::string, SynapseType> type_by_word_;
  std::unordered_map<std::string, NeuronIndex> index_by_id_;
  std::vector<bool> inhibits_;   // per neuron
  std::set<std::string> signs_;  // words of the column that tells signs, the first few
  std::vector<Edge> edges_;
};

}  // namespace

std::string EdgeImportReport::text() const {
  std::string text = fmt::format("columns: {}\n", columns);
  const auto line = [&text](std::uint64_t number, std::string_view what) {
    if (number > 0) text += fmt::format("{:>10} {}\n", number, what);
  };
  line(rows, "rows");
  line(neurons, "neurons");
  line(added_neurons, "of them named by synapses only");
  line(isolated_neurons, "of them without any synapse");
  text += fmt::format("{:>10} synapses, weights {} to {}\n", synapses, lowest_weight, highest_weight);
  line(by_type[0], "direct");
  line(by_type[1], "modulator");
  line(by_type[2], "electric");
  line(inhibitory, "inhibitory");
  line(merged, "rows merged into an earlier one between the same neurons");
  line(self_connections, self_connections_dropped ? "self-connections dropped" : "self-connections kept");
  line(clamped, "weights clamped to -128..127");
  line(rounded_to_zero, "weights that are 0");
  line(rounded_delays, "rows whose delay was rounded to whole ticks");
  return text;
}

Result<EdgeImportResult> import_edges(std::string_view synapses_csv, std::optional<std::string_view> neurons_csv,
                                      const EdgeImportOptions& options) {
  return EdgeImporter(options).run(synapses_csv, neurons_csv);
}

}  // namespace flux
