// The buffers of the webgpu core: how large they are, what stands in them at first, which kernel is given which.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "webgpu_core.h"

namespace flux::webgpu {

namespace {

constexpr std::uint32_t FLUX_DENSE_DIVISOR = 8;  // dense from neurons / 8 synaptic events on: marking costs more than sweeping then
constexpr std::uint32_t FLUX_SPARE_TYPES = 64;   // types that edits may add before the table of types is made anew
constexpr std::uint64_t FLUX_FIRST_LOG = 1024;   // spikes

constexpr std::uint64_t FLUX_NEURON_BYTES = 16;  // that the largest buffers have per neuron: its state, its history, or four sums

std::uint64_t largest_buffer(const DeviceInfo& info) { return std::min(info.buffer_bytes, info.binding_bytes); }

std::uint64_t most_neurons_of(const DeviceInfo& info) { return largest_buffer(info) / FLUX_NEURON_BYTES / FLUX_BLOCK * FLUX_BLOCK; }

std::uint64_t with_room(std::uint64_t count) { return count + count / 4 + 64; }

// A power of two: positions in the log wrap.
std::uint64_t log_entries(std::uint64_t spikes) { return std::bit_ceil(std::max(spikes, FLUX_FIRST_LOG)); }

// Workgroups that fill the device a few times over: those that share their work out take equal parts of it.
std::uint32_t workgroups_for(AdapterKind kind) {
  switch (kind) {
    case AdapterKind::discrete:
      return 1024;
    case AdapterKind::software:
      return 1;
    case AdapterKind::integrated:
    case AdapterKind::unknown:
      break;
  }
  return 256;
}

// Joins ages into runs of successive ones, at most FLUX_RUNS: those with the smallest gaps become one. Returns their number.
std::uint32_t runs_of(const std::vector<bool>& ages, std::uint32_t (*runs)[4]) {
  struct Run {
    std::uint32_t first, last;
  };
  std::vector<Run> found;
  for (std::uint32_t age = 0; age < ages.size(); ++age) {
    if (!ages[age]) continue;
    if (!found.empty() && found.back().last + 1 == age) {
      found.back().last = age;
    } else {
      found.push_back({age, age});
    }
  }
  while (found.size() > FLUX_RUNS) {
    std::vector<std::uint32_t> gaps;
    for (std::size_t i = 1; i < found.size(); ++i) gaps.push_back(found[i].first - found[i - 1].last);
    const auto kept = gaps.end() - (FLUX_RUNS - 1);
    std::nth_element(gaps.begin(), kept, gaps.end());
    const std::uint32_t widest_joined = *kept;  // gaps wider than this stay; of those as wide, as many as there is room for
    std::size_t wider = static_cast<std::size_t>(std::count_if(gaps.begin(), gaps.end(), [=](auto gap) { return gap > widest_joined; }));
    std::size_t as_wide = FLUX_RUNS - 1 - wider;
    std::vector<Run> joined = {found.front()};
    for (std::size_t i = 1; i < found.size(); ++i) {
      const std::uint32_t gap = found[i].first - found[i - 1].last;
      const bool stays = gap > widest_joined || (gap == widest_joined && as_wide > 0 && as_wide-- > 0);
      if (stays) {
        joined.push_back(found[i]);
      } else {
        joined.back().last = found[i].last;
      }
    }
    found = std::move(joined);
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    runs[i][0] = found[i].first;
    runs[i][1] = found[i].last;
  }
  return static_cast<std::uint32_t>(found.size());
}

// Each age at which something is due, and as many after it as spikes can leave late.
std::vector<bool> with_jitter(const std::vector<bool>& visits, std::uint32_t later, std::uint32_t jitter) {
  std::vector<bool> ages(visits.size() + later + jitter + 1);
  for (std::size_t visit = 0; visit < visits.size(); ++visit) {
    for (std::uint32_t late = 0; visits[visit] && late <= jitter; ++late) ages[visit + later + late] = true;
  }
  return ages;
}

}  // namespace

Result<std::unique_ptr<WebGpuCore>> WebGpuCore::make(std::shared_ptr<Graph> graph, std::shared_ptr<Gpu> gpu) {
  constexpr std::uint32_t FLUX_KERNEL_BUFFERS = 8;  // every WebGPU device has as many
  const DeviceInfo& info = gpu->device().info();
  if (info.storage_buffers < FLUX_KERNEL_BUFFERS || info.workgroup_threads < FLUX_THREADS) {
    return Error{fmt::format("this GPU gives a kernel {} buffers and {} threads, FLUX needs {} and {}", info.storage_buffers,
                             info.workgroup_threads, FLUX_KERNEL_BUFFERS, FLUX_THREADS),
                 info.name, "use the cpu core"};
  }
  if (graph->neuron_count() >= FLUX_MAX_NEURONS || graph->types().size() >= FLUX_MAX_TYPES - 1) {
    return Error{"more neurons or types than the webgpu core can name", "", "use the cpu core"};
  }
  if (graph->neuron_count() >= most_neurons_of(info)) {
    return Error{fmt::format("this GPU's buffers have {} bytes, enough for {} neurons, and the network has {}", largest_buffer(info),
                             most_neurons_of(info), graph->neuron_count()),
                 info.name, "use the cpu core"};
  }
  std::unique_ptr<WebGpuCore> core(new WebGpuCore(std::move(graph), std::move(gpu)));
  if (Status status = core->build(); !status) return status.error();
  return core;
}

std::uint64_t WebGpuCore::most_neurons() const { return most_neurons_of(device_.info()); }

WebGpuCore::WebGpuCore(std::shared_ptr<Graph> graph, std::shared_ptr<Gpu> gpu)
    : Core(std::move(graph)),
      gpu_(std::move(gpu)),
      device_(gpu_->device()),
      table_(device_),
      workgroups_(workgroups_for(device_.info().kind)) {
  period_.ticks = 0;
}

WebGpuCore::~WebGpuCore() {
  unbind();
  for (const Batch& batch : batches_) {
    for (ReadId read : {batch.heads, batch.spikes, batch.samples}) device_.drop(read);
  }
  if (state_read_) {
    for (ReadId read : state_read_->reads) device_.drop(read);
  }
  device_.drop(samples_read_.read);
  device_.drop(learned_read_.read);
  for (BufferId buffer : {network_buffer_, ticks_buffer_, neurons_, history_, types_, rows_, log_, control_, sums_, tasks_, probes_}) {
    device_.destroy_buffer(buffer);
  }
  for (const Lane& lane : lanes_) {
    for (BufferId buffer : {lane.stimuli, lane.fired, lane.ordered, lane.samples}) device_.destroy_buffer(buffer);
  }
}

Status WebGpuCore::build() {
  network_buffer_ = device_.create_buffer(sizeof(NetworkUniform), true);
  ticks_buffer_ = device_.create_buffer((2 * FLUX_BATCH + 1) * FLUX_UNIFORM_STRIDE, true);
  probes_ = device_.create_buffer(0);
  tasks_ = device_.create_buffer(0);
  network_.seed_low = static_cast<std::uint32_t>(graph_->settings().seed);
  network_.seed_high = static_cast<std::uint32_t>(graph_->settings().seed >> 32);
  network_.threshold_noise = graph_->settings().threshold_noise;
  network_.delay_jitter = graph_->settings().delay_jitter;
  for (std::size_t i = 0; i < rule::FLUX_KERNEL.size(); ++i) network_.kernel[i / 4][i % 4] = std::int32_t{rule::FLUX_KERNEL[i]};
  const NetworkState state = initial_state();
  if (Status status = table_.build(*graph_, state.learned, state.now - 1); !status) return status;
  fit_to_graph();
  for (NeuronIndex n = 0; n < graph_->neuron_count(); ++n) count_refractory_period(n, +1);
  write_state(state);
  if (Status status = this->status(); !status) return status;
  return device_.wait();
}

// Buffers, kernels and constants follow the graph: at the beginning, and after an edit.
void WebGpuCore::fit_to_graph() {
  const bool kernels_changed = choose_kernels();
  if (graph_->neuron_count() > network_.capacity || kernels_changed) reserve_neurons();
  network_.neurons = graph_->neuron_count();
  network_.blocks = (network_.neurons + FLUX_BLOCK - 1) / FLUX_BLOCK;
  if (tasks_capacity_ < table_.most_plastic_sublists()) {
    tasks_capacity_ = with_room(table_.most_plastic_sublists());
    replace_buffer(tasks_, tasks_capacity_ * sizeof(std::uint32_t), 0);
  }
  if (find_ages()) write_control();
  if (bound_parts_ != table_.part_count()) bound_ = false;
  network_written_ = false;
}

bool WebGpuCore::choose_kernels() {
  KernelOptions options;
  // With jitter, or after a strange state, two spikes of a source can arrive together, which the bound does not know.
  options.packed = graph_->fits_16_bits() && graph_->settings().delay_jitter == 0 && !double_departures_;
  options.plastic = graph_->plastic_count() > 0;
  options.only_direct = !graph_->has_type(SynapseType::modulator) && !graph_->has_type(SynapseType::electric);
  const bool same = options.packed == options_.packed && options.plastic == options_.plastic && options.only_direct == options_.only_direct;
  if (same && kernels_.evaluate != 0) return false;
  options_ = options;
  kernels_ = gpu_->kernels(options);
  bound_ = false;
  return true;
}

// All that is kept per neuron. Sums are zero between two ticks, so they can be made anew; so can histories: they are empty when the first
// plastic synapse comes, and forgotten with the last.
void WebGpuCore::reserve_neurons() {
  const std::uint64_t before = network_.capacity;
  if (graph_->neuron_count() > network_.capacity) {
    const std::uint64_t roomy = before == 0 ? graph_->neuron_count() + 1 : with_room(graph_->neuron_count());
    const std::uint64_t wanted = std::min(roomy, most_neurons());
    network_.capacity = static_cast<std::uint32_t>((wanted + FLUX_BLOCK - 1) / FLUX_BLOCK * FLUX_BLOCK);
    replace_buffer(neurons_, std::uint64_t{network_.capacity} * sizeof(GpuNeuron), before * sizeof(GpuNeuron));
    replace_buffer(rows_, std::uint64_t{network_.capacity} * sizeof(GpuRow), 0);
    write(rows_, 0, table_.rows());
    types_capacity_ = 0;
    write_types();
  }
  const std::uint64_t sum_words = options_.packed ? network_.capacity / 2 : network_.capacity;
  network_.extras_at = static_cast<std::uint32_t>(sum_words);
  replace_buffer(sums_, (sum_words + std::uint64_t{3} * network_.capacity) * sizeof(std::int32_t), 0);
  const bool had_history = history_capacity_ > 0;
  history_capacity_ = options_.plastic ? network_.capacity : 0;
  replace_buffer(history_, history_capacity_ * sizeof(GpuHistory),
                 had_history ? std::min(before, history_capacity_) * sizeof(GpuHistory) : 0);
  network_.ring_mask = 0;  // control is to be made anew
}

void WebGpuCore::replace_buffer(BufferId& buffer, std::uint64_t bytes, std::uint64_t kept) {
  const BufferId larger = device_.create_buffer(bytes);
  if (kept > 0) {
    device_.copy(buffer, 0, larger, 0, kept);
    device_.submit();
  }
  device_.destroy_buffer(buffer);
  buffer = larger;
  bound_ = false;
}

// Whether the buffers of a batch stay within what the device can have. `under_way`: spikes in the log besides the batch's.
bool WebGpuCore::batch_fits(std::uint64_t under_way, std::uint64_t spikes, std::uint64_t samples) const {
  const std::uint64_t largest = largest_buffer(device_.info());
  return log_entries(under_way + spikes) * 2 * sizeof(std::uint32_t) <= largest && with_room(spikes) * sizeof(NeuronIndex) <= largest &&
         with_room(samples) * sizeof(GpuNeuron) <= largest;
}

// Makes room for so many spikes in the log, those under way included; no batch may be under way.
void WebGpuCore::reserve_log(std::uint64_t spikes) {
  const std::uint64_t before = log_ == 0 ? 0 : std::uint64_t{network_.log_mask} + 1;
  const std::uint64_t entries = log_entries(spikes);
  if (entries <= before) return;
  const BufferId larger = device_.create_buffer(2 * entries * sizeof(std::uint32_t));
  // Positions count on; each entry goes to its place in the larger ring.
  for (std::uint64_t at = head_ - live_, left = before == 0 ? 0 : live_; left > 0;) {
    const std::uint64_t from = at & (before - 1), to = at & (entries - 1);
    const std::uint64_t count = std::min({left, before - from, entries - to});
    for (std::uint64_t half = 0; half < 2; ++half) {
      device_.copy(log_, (half * before + from) * sizeof(std::uint32_t), larger, (half * entries + to) * sizeof(std::uint32_t),
                   count * sizeof(std::uint32_t));
    }
    at += count;
    left -= count;
  }
  device_.submit();
  device_.destroy_buffer(log_);
  log_ = larger;
  network_.log_mask = static_cast<std::uint32_t>(entries - 1);
  network_written_ = false;
  bound_ = false;
}

void WebGpuCore::reserve_lane(Lane& lane, std::uint64_t stimuli, std::uint64_t fired, std::uint64_t samples) {
  const auto reserve = [this](BufferId& buffer, std::uint64_t& capacity, std::uint64_t wanted, std::uint64_t bytes) {
    if (buffer != 0 && wanted <= capacity) return;
    capacity = with_room(wanted);
    replace_buffer(buffer, capacity * bytes, 0);
  };
  reserve(lane.stimuli, lane.stimuli_capacity, stimuli, sizeof(GpuStimulus));
  reserve(lane.fired, lane.fired_capacity, fired, sizeof(NeuronIndex));
  reserve(lane.ordered, lane.ordered_capacity, network_.blocks > 1 ? fired : 0, sizeof(NeuronIndex));
  reserve(lane.samples, lane.samples_capacity, samples, sizeof(GpuNeuron));
}

// Ages at which spikes reach something. Returns whether the ring of the control buffer does not suffice or does not hold what is needed.
bool WebGpuCore::find_ages() {
  const std::uint32_t jitter = std::max(network_.delay_jitter, extra_jitter_);
  network_.dense_visits = static_cast<std::uint32_t>(graph_->neuron_count() / (FLUX_DENSE_DIVISOR * table_.mean_sublist()));
  network_.consolidates = table_.consolidates() ? 1 : 0;
  const std::uint64_t version = table_.visits_version() << 16 | jitter;
  if (version == ages_version_) return network_.ring_mask == 0;
  ages_version_ = version;
  const std::vector<bool> ages = with_jitter(table_.visits(), 0, jitter);
  const std::vector<bool> pair_ages = with_jitter(table_.plastic_visits(), FLUX_LEARNING_WINDOW, jitter);
  network_.runs = runs_of(ages, network_.run_ages);
  network_.pair_runs = runs_of(pair_ages, network_.pair_run_ages);
  const auto first = std::find(table_.visits().begin(), table_.visits().end(), true);
  network_.first_visit = static_cast<std::uint32_t>(first - table_.visits().begin());
  std::uint32_t longest = 0;
  if (network_.runs > 0) longest = network_.run_ages[network_.runs - 1][1];
  if (network_.pair_runs > 0) longest = std::max(longest, network_.pair_run_ages[network_.pair_runs - 1][1]);
  const bool longer = longest > longest_age_;
  longest_age_ = std::max(longest, longest_age_);
  return longer || network_.ring_mask == 0;
}

// Makes the control buffer, for the log as it is: all blocks are looked at in the next tick.
void WebGpuCore::write_control() {
  network_.ring_mask = std::bit_ceil(std::max(longest_age_ + 2, 64u)) - 1;
  const std::uint32_t blocks = network_.capacity / FLUX_BLOCK;
  network_.flags_at = control_ring + network_.ring_mask + 1;
  network_.next_own_at = network_.flags_at + blocks;
  network_.active_at = network_.next_own_at + blocks;
  std::vector<std::uint32_t> words(network_.active_at + blocks);
  words[control_head] = words[control_batch_head] = head_;
  const auto now = static_cast<std::uint32_t>(now_);
  std::uint32_t begin = head_;
  for (std::uint32_t age = 1; age <= network_.ring_mask; ++age) {
    if (age <= tick_counts_.size()) begin -= tick_counts_[tick_counts_.size() - age];
    words[control_ring + ((now - age) & network_.ring_mask)] = begin;
  }
  std::fill_n(words.begin() + network_.next_own_at, blocks, now);
  replace_buffer(control_, words.size() * sizeof(std::uint32_t), 0);
  write<std::uint32_t>(control_, 0, std::span<const std::uint32_t>(words));
  network_written_ = false;
}

void WebGpuCore::count_refractory_period(NeuronIndex neuron, int sign) {
  if (!graph_->exists(neuron)) return;
  refractory_counts_[graph_->properties(neuron).refractory_period] += static_cast<std::uint64_t>(static_cast<std::int64_t>(sign));
}

// Type 0 on the device is that of neurons that do not exist: it never fires by itself.
std::uint32_t WebGpuCore::device_type(NeuronIndex neuron) const { return graph_->exists(neuron) ? graph_->type_of(neuron) + 1u : 0u; }

void WebGpuCore::write_types() {
  const std::uint64_t types = graph_->types().size() + 1;
  if (types_ == 0 || types > types_capacity_) {
    types_capacity_ = types + FLUX_SPARE_TYPES;
    network_.types_at = static_cast<std::uint32_t>(4 * types_capacity_);
    network_written_ = false;
    replace_buffer(types_, (4 * types_capacity_ + network_.capacity / 2) * sizeof(std::uint32_t), 0);
  }
  std::vector<std::uint32_t> words(4 * types_capacity_ + network_.capacity / 2);
  for (std::size_t type = 0; type + 1 < types; ++type)
    std::memcpy(&words[4 * (type + 1)], &graph_->types()[type], sizeof(NeuronProperties));
  for (NeuronIndex n = 0; n < graph_->neuron_count(); ++n) words[network_.types_at + n / 2] |= device_type(n) << (n % 2 * 16);
  write<std::uint32_t>(types_, 0, std::span<const std::uint32_t>(words));
}

// One neuron's type, which may be new.
void WebGpuCore::write_type(NeuronIndex neuron) {
  if (graph_->types().size() + 1 > types_capacity_) return write_types();
  const std::uint32_t type = device_type(neuron);
  if (type > 0) device_.write(types_, std::uint64_t{16} * type, std::as_bytes(graph_->types().subspan(type - 1, 1)));
  const NeuronIndex even = neuron & ~1u;
  const std::uint32_t word = device_type(even) | (even + 1 < graph_->neuron_count() ? device_type(even + 1) << 16 : 0u);
  write(types_, (network_.types_at + even / 2) * sizeof(std::uint32_t), word);
}

void WebGpuCore::write_network() {
  write(network_buffer_, 0, network_);
  network_written_ = true;
}

void WebGpuCore::bind() {
  unbind();
  for (std::uint32_t i = 0; i < 2; ++i) {
    Lane& lane = lanes_[i];
    reserve_lane(lane, 0, 0, 0);
    const BufferId stimulate[] = {network_buffer_, ticks_buffer_, lane.stimuli, control_, sums_};
    lane.stimulate_group = device_.create_group(kernels_.stimulate, stimulate);
    const BufferId evaluate[] = {network_buffer_, ticks_buffer_, neurons_, types_, control_, sums_, log_, lane.fired, history_};
    lane.evaluate_group = device_.create_group(kernels_.evaluate, evaluate);
    const BufferId order[] = {network_buffer_, ticks_buffer_, control_, lane.fired, lane.ordered};
    lane.order_group = device_.create_group(kernels_.order, order);
    const BufferId sample[] = {network_buffer_, ticks_buffer_, neurons_, types_, probes_, lane.samples};
    lane.sample_group = device_.create_group(kernels_.sample, sample);
  }
  const BufferId settle[] = {network_buffer_, ticks_buffer_, neurons_, types_, history_};
  settle_neurons_group_ = device_.create_group(kernels_.settle_neurons, settle);
  for (std::size_t i = 0; i < table_.part_count(); ++i) {
    const BufferId part = table_.part(i);
    if (i % FLUX_PARTS == 0) {
      BufferId parts[FLUX_PARTS];
      for (std::size_t k = 0; k < FLUX_PARTS; ++k) parts[k] = table_.part(std::min(i + k, table_.part_count() - 1));
      const BufferId deliver[] = {network_buffer_, ticks_buffer_, parts[0], parts[1], parts[2], parts[3], rows_, log_, control_, sums_};
      deliver_groups_.push_back(device_.create_group(kernels_.deliver, deliver));
    }
    if (!options_.plastic) continue;
    const BufferId claim[] = {network_buffer_, ticks_buffer_, part, rows_, log_, control_, tasks_};
    claim_groups_.push_back(device_.create_group(kernels_.claim, claim));
    const BufferId learn[] = {network_buffer_, ticks_buffer_, part, tasks_, neurons_, types_, history_};
    learn_groups_.push_back(device_.create_group(kernels_.learn, learn));
    const BufferId settle_part[] = {network_buffer_, ticks_buffer_, part, rows_};
    settle_groups_.push_back(device_.create_group(kernels_.settle_table, settle_part));
  }
  bound_parts_ = table_.part_count();
  bound_ = true;
}

void WebGpuCore::unbind() {
  for (Lane& lane : lanes_) {
    for (GroupId* group : {&lane.stimulate_group, &lane.evaluate_group, &lane.order_group, &lane.sample_group})
      device_.destroy_group(std::exchange(*group, 0));
  }
  device_.destroy_group(std::exchange(settle_neurons_group_, 0));
  for (auto* groups : {&deliver_groups_, &claim_groups_, &learn_groups_, &settle_groups_}) {
    for (GroupId group : *groups) device_.destroy_group(group);
    groups->clear();
  }
  bound_ = false;
}

}  // namespace flux::webgpu
