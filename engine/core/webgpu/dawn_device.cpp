#include "dawn_device.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

namespace flux::webgpu {

namespace {

constexpr std::uint64_t FLUX_UNSENT_BYTES = std::uint64_t{128} << 20;  // written since the last look: Dawn keeps a copy until they are sent
constexpr std::uint32_t FLUX_TIMESTAMPS = 4096;                        // of one query set: two a dispatch

// Staging buffers come in few sizes, so that they can be used again.
std::uint64_t staging_bytes(std::uint64_t bytes) { return std::bit_ceil(std::max<std::uint64_t>(bytes, 4096)); }

WGPUStringView view(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

DawnDevice::~DawnDevice() {
  end_pass();
  if (encoder_ != nullptr) wgpuCommandEncoderRelease(encoder_);
  wgpuDeviceDestroy(device_);  // ends what is under way: all callbacks come now or never
  poll();
  for (auto& [id, group] : groups_) wgpuBindGroupRelease(group.group);
  for (auto& [id, pipeline] : pipelines_) {
    wgpuComputePipelineRelease(pipeline.pipeline);
    wgpuBindGroupLayoutRelease(pipeline.layout);
  }
  for (auto& [id, buffer] : buffers_) wgpuBufferRelease(buffer);
  for (auto& [id, read] : reads_) wgpuBufferRelease(read->staging);
  for (auto& [bytes, spare] : spare_staging_) {
    for (WGPUBuffer staging : spare) wgpuBufferRelease(staging);
  }
  if (profile_) {
    wgpuQuerySetRelease(profile_->queries);
    wgpuBufferRelease(profile_->resolved);
  }
  wgpuQueueRelease(queue_);
  wgpuDeviceRelease(device_);
  wgpuInstanceRelease(instance_);
}

Status DawnDevice::status() {
  if (trouble_->message.empty()) return {};
  return Error{"the GPU failed: " + trouble_->message, info_.name, "the cpu core computes the same"};
}

BufferId DawnDevice::create_buffer(std::uint64_t bytes, bool uniform) {
  WGPUBufferDescriptor descriptor = WGPU_BUFFER_DESCRIPTOR_INIT;
  descriptor.size = std::max<std::uint64_t>(16, (bytes + 15) / 16 * 16);
  descriptor.usage = (uniform ? WGPUBufferUsage_Uniform : WGPUBufferUsage_Storage) | WGPUBufferUsage_CopySrc | WGPUBufferUsage_CopyDst;
  WGPUBuffer buffer = wgpuDeviceCreateBuffer(device_, &descriptor);
  if (buffer == nullptr) {  // more than any buffer can have
    if (trouble_->message.empty()) trouble_->message = "a buffer of " + std::to_string(bytes) + " bytes could not be made";
    return 0;
  }
  buffers_[next_id_] = buffer;
  return next_id_++;
}

void DawnDevice::destroy_buffer(BufferId buffer) {
  const auto found = buffers_.find(buffer);
  if (found == buffers_.end()) return;
  wgpuBufferRelease(found->second);
  buffers_.erase(found);
}

PipelineId DawnDevice::create_pipeline(std::string_view name, const std::string& wgsl, std::span<const Access> bindings) {
  WGPUShaderSourceWGSL source = WGPU_SHADER_SOURCE_WGSL_INIT;
  source.code = view(wgsl);
  WGPUShaderModuleDescriptor module_descriptor = WGPU_SHADER_MODULE_DESCRIPTOR_INIT;
  module_descriptor.nextInChain = &source.chain;
  module_descriptor.label = view(name);
  WGPUShaderModule module = wgpuDeviceCreateShaderModule(device_, &module_descriptor);

  std::vector<WGPUBindGroupLayoutEntry> entries;
  for (Access access : bindings) {
    WGPUBindGroupLayoutEntry entry = WGPU_BIND_GROUP_LAYOUT_ENTRY_INIT;
    entry.binding = static_cast<std::uint32_t>(entries.size());
    entry.visibility = WGPUShaderStage_Compute;
    const bool uniform = access == Access::uniform || access == Access::tick_uniform;
    entry.buffer.type = uniform                  ? WGPUBufferBindingType_Uniform
                        : access == Access::read ? WGPUBufferBindingType_ReadOnlyStorage
                                                 : WGPUBufferBindingType_Storage;
    entry.buffer.hasDynamicOffset = access == Access::tick_uniform;
    entries.push_back(entry);
  }
  WGPUBindGroupLayoutDescriptor layout_descriptor = WGPU_BIND_GROUP_LAYOUT_DESCRIPTOR_INIT;
  layout_descriptor.entries = entries.data();
  layout_descriptor.entryCount = entries.size();
  Pipeline pipeline;
  pipeline.name = name;
  pipeline.bindings.assign(bindings.begin(), bindings.end());
  pipeline.layout = wgpuDeviceCreateBindGroupLayout(device_, &layout_descriptor);
  WGPUPipelineLayoutDescriptor pipeline_layout_descriptor = WGPU_PIPELINE_LAYOUT_DESCRIPTOR_INIT;
  pipeline_layout_descriptor.bindGroupLayouts = &pipeline.layout;
  pipeline_layout_descriptor.bindGroupLayoutCount = 1;
  WGPUPipelineLayout pipeline_layout = wgpuDeviceCreatePipelineLayout(device_, &pipeline_layout_descriptor);
  WGPUComputePipelineDescriptor descriptor = WGPU_COMPUTE_PIPELINE_DESCRIPTOR_INIT;
  descriptor.label = view(name);
  descriptor.layout = pipeline_layout;
  descriptor.compute.module = module;
  descriptor.compute.entryPoint = view("main");
  pipeline.pipeline = wgpuDeviceCreateComputePipeline(device_, &descriptor);
  wgpuPipelineLayoutRelease(pipeline_layout);
  wgpuShaderModuleRelease(module);
  pipelines_[next_id_] = std::move(pipeline);
  return next_id_++;
}

void DawnDevice::destroy_pipeline(PipelineId pipeline) {
  const auto found = pipelines_.find(pipeline);
  if (found == pipelines_.end()) return;
  wgpuComputePipelineRelease(found->second.pipeline);
  wgpuBindGroupLayoutRelease(found->second.layout);
  pipelines_.erase(found);
}

GroupId DawnDevice::create_group(PipelineId pipeline, std::span<const BufferId> buffers) {
  const Pipeline& p = pipelines_.at(pipeline);
  assert(p.bindings.size() == buffers.size());
  std::vector<WGPUBindGroupEntry> entries;
  Group group;
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    const auto buffer = buffers_.find(buffers[i]);
    if (buffer == buffers_.end()) return 0;  // it could not be made: status() says so
    WGPUBindGroupEntry entry = WGPU_BIND_GROUP_ENTRY_INIT;
    entry.binding = static_cast<std::uint32_t>(i);
    entry.buffer = buffer->second;
    entry.size = p.bindings[i] == Access::tick_uniform ? FLUX_UNIFORM_STRIDE : wgpuBufferGetSize(buffer->second);
    group.has_tick = group.has_tick || p.bindings[i] == Access::tick_uniform;
    entries.push_back(entry);
  }
  WGPUBindGroupDescriptor descriptor = WGPU_BIND_GROUP_DESCRIPTOR_INIT;
  descriptor.layout = p.layout;
  descriptor.entries = entries.data();
  descriptor.entryCount = entries.size();
  group.group = wgpuDeviceCreateBindGroup(device_, &descriptor);
  groups_[next_id_] = group;
  return next_id_++;
}

void DawnDevice::destroy_group(GroupId group) {
  const auto found = groups_.find(group);
  if (found == groups_.end()) return;
  wgpuBindGroupRelease(found->second.group);
  groups_.erase(found);
}

void DawnDevice::write(BufferId buffer, std::uint64_t offset, std::span<const std::byte> bytes) {
  const auto found = buffers_.find(buffer);
  if (found == buffers_.end() || bytes.empty()) return;
  assert(encoder_ == nullptr);  // what was recorded would see it
  wgpuQueueWriteBuffer(queue_, found->second, offset, bytes.data(), bytes.size());
  unsent_bytes_ += bytes.size();
  if (unsent_bytes_ >= FLUX_UNSENT_BYTES) wait_for_queue();
}

WGPUCommandEncoder DawnDevice::encoder() {
  if (encoder_ == nullptr) encoder_ = wgpuDeviceCreateCommandEncoder(device_, nullptr);
  return encoder_;
}

WGPUComputePassEncoder DawnDevice::pass() {
  if (pass_ == nullptr) pass_ = wgpuCommandEncoderBeginComputePass(encoder(), nullptr);
  return pass_;
}

void DawnDevice::end_pass() {
  if (pass_ == nullptr) return;
  wgpuComputePassEncoderEnd(pass_);
  wgpuComputePassEncoderRelease(pass_);
  pass_ = nullptr;
}

void DawnDevice::dispatch(PipelineId pipeline, GroupId group, std::uint32_t tick, std::uint32_t workgroups) {
  const auto p = pipelines_.find(pipeline);
  const auto g = groups_.find(group);
  if (p == pipelines_.end() || g == groups_.end() || workgroups == 0) return;
  if (profile_) {
    if (profile_->dispatched.size() * 2 == FLUX_TIMESTAMPS) gather_timestamps();
    end_pass();
    WGPUPassTimestampWrites writes = WGPU_PASS_TIMESTAMP_WRITES_INIT;
    writes.querySet = profile_->queries;
    writes.beginningOfPassWriteIndex = static_cast<std::uint32_t>(profile_->dispatched.size()) * 2;
    writes.endOfPassWriteIndex = writes.beginningOfPassWriteIndex + 1;
    WGPUComputePassDescriptor descriptor = WGPU_COMPUTE_PASS_DESCRIPTOR_INIT;
    descriptor.timestampWrites = &writes;
    pass_ = wgpuCommandEncoderBeginComputePass(encoder(), &descriptor);
    profile_->dispatched.push_back(pipeline);
  }
  const std::uint32_t offset = tick * FLUX_UNIFORM_STRIDE;
  wgpuComputePassEncoderSetPipeline(pass(), p->second.pipeline);
  wgpuComputePassEncoderSetBindGroup(pass(), 0, g->second.group, g->second.has_tick ? 1 : 0, &offset);
  wgpuComputePassEncoderDispatchWorkgroups(pass(), workgroups, 1, 1);
  if (profile_) end_pass();
}

void DawnDevice::copy(BufferId from, std::uint64_t from_offset, BufferId to, std::uint64_t to_offset, std::uint64_t bytes) {
  const auto source = buffers_.find(from), target = buffers_.find(to);
  if (source == buffers_.end() || target == buffers_.end() || bytes == 0) return;
  end_pass();
  wgpuCommandEncoderCopyBufferToBuffer(encoder(), source->second, from_offset, target->second, to_offset, bytes);
}

void DawnDevice::clear(BufferId buffer, std::uint64_t offset, std::uint64_t bytes) {
  const auto found = buffers_.find(buffer);
  if (found == buffers_.end() || bytes == 0) return;
  end_pass();
  wgpuCommandEncoderClearBuffer(encoder(), found->second, offset, bytes);
}

ReadId DawnDevice::read(BufferId buffer, std::uint64_t offset, std::uint64_t bytes) {
  auto read = std::make_unique<Read>();
  read->bytes = (bytes + 3) / 4 * 4;
  const auto source = buffers_.find(buffer);
  auto& spare = spare_staging_[staging_bytes(read->bytes)];
  if (!spare.empty()) {
    read->staging = spare.back();
    spare.pop_back();
  } else {
    WGPUBufferDescriptor descriptor = WGPU_BUFFER_DESCRIPTOR_INIT;
    descriptor.size = staging_bytes(read->bytes);
    descriptor.usage = WGPUBufferUsage_MapRead | WGPUBufferUsage_CopyDst;
    read->staging = wgpuDeviceCreateBuffer(device_, &descriptor);
  }
  if (source != buffers_.end() && read->bytes > 0) {
    end_pass();
    wgpuCommandEncoderCopyBufferToBuffer(encoder(), source->second, offset, read->staging, 0, read->bytes);
  }
  reads_[next_id_] = std::move(read);
  return next_id_++;
}

void DawnDevice::submit() {
  if (encoder_ != nullptr) {
    end_pass();
    WGPUCommandBuffer commands = wgpuCommandEncoderFinish(encoder_, nullptr);
    wgpuQueueSubmit(queue_, 1, &commands);
    wgpuCommandBufferRelease(commands);
    wgpuCommandEncoderRelease(encoder_);
    encoder_ = nullptr;
  }
  for (auto& [id, read] : reads_) {
    if (read->mapping) continue;
    read->mapping = true;
    WGPUBufferMapCallbackInfo callback = WGPU_BUFFER_MAP_CALLBACK_INFO_INIT;
    callback.mode = WGPUCallbackMode_AllowProcessEvents;
    callback.userdata1 = read.get();
    callback.callback = [](WGPUMapAsyncStatus status, WGPUStringView, void* to, void*) {
      auto* mapped = static_cast<Read*>(to);
      (status == WGPUMapAsyncStatus_Success ? mapped->done : mapped->failed) = true;
    };
    wgpuBufferMapAsync(read->staging, WGPUMapMode_Read, 0, std::max<std::uint64_t>(4, read->bytes), callback);
  }
}

bool DawnDevice::take(ReadId id, std::vector<std::byte>& bytes) {
  const auto found = reads_.find(id);
  if (found == reads_.end() || !found->second->done) return false;
  Read& read = *found->second;
  bytes.resize(read.bytes);
  if (read.bytes > 0) std::memcpy(bytes.data(), wgpuBufferGetConstMappedRange(read.staging, 0, read.bytes), read.bytes);
  wgpuBufferUnmap(read.staging);
  auto& spare = spare_staging_[staging_bytes(read.bytes)];
  constexpr std::size_t FLUX_SPARE = 4;
  if (spare.size() < FLUX_SPARE && read.bytes <= (std::uint64_t{64} << 20)) {
    spare.push_back(read.staging);
  } else {
    wgpuBufferRelease(read.staging);
  }
  reads_.erase(found);
  return true;
}

void DawnDevice::drop(ReadId id) {
  const auto found = reads_.find(id);
  if (found != reads_.end()) found->second->dropped = true;
}

void DawnDevice::poll() {
  wgpuInstanceProcessEvents(instance_);
  std::erase_if(reads_, [](const auto& entry) {  // its callback has come, so nothing points to it any more
    const Read& read = *entry.second;
    const bool over = read.dropped && (read.done || read.failed || !read.mapping);
    if (over) wgpuBufferRelease(read.staging);
    return over;
  });
}

// Blocks until all that was handed over is done with: only while a large network is being copied, and to finish a measurement.
void DawnDevice::wait_for_queue() {
  unsent_bytes_ = 0;
  wgpuQueueSubmit(queue_, 0, nullptr);
  WGPUQueueWorkDoneCallbackInfo callback = WGPU_QUEUE_WORK_DONE_CALLBACK_INFO_INIT;
  callback.mode = WGPUCallbackMode_WaitAnyOnly;
  callback.callback = [](WGPUQueueWorkDoneStatus, WGPUStringView, void*, void*) {};
  WGPUFutureWaitInfo wait = {wgpuQueueOnSubmittedWorkDone(queue_, callback), WGPU_FALSE};
  wgpuInstanceWaitAny(instance_, 1, &wait, UINT64_MAX);
}

Status DawnDevice::wait() {
  wait_for_queue();
  poll();
  return status();
}

void DawnDevice::start_profile() {
  if (!info_.timestamps || profile_) return;
  profile_ = std::make_unique<Profile>();
  WGPUQuerySetDescriptor queries = WGPU_QUERY_SET_DESCRIPTOR_INIT;
  queries.type = WGPUQueryType_Timestamp;
  queries.count = FLUX_TIMESTAMPS;
  profile_->queries = wgpuDeviceCreateQuerySet(device_, &queries);
  WGPUBufferDescriptor buffer = WGPU_BUFFER_DESCRIPTOR_INIT;
  buffer.size = FLUX_TIMESTAMPS * sizeof(std::uint64_t);
  buffer.usage = WGPUBufferUsage_QueryResolve | WGPUBufferUsage_CopySrc;
  profile_->resolved = wgpuDeviceCreateBuffer(device_, &buffer);
}

// Adds the timestamps of what was dispatched to the times; waits for them.
void DawnDevice::gather_timestamps() {
  const std::size_t dispatches = profile_->dispatched.size();
  if (dispatches == 0) return;
  end_pass();
  wgpuCommandEncoderResolveQuerySet(encoder(), profile_->queries, 0, static_cast<std::uint32_t>(dispatches) * 2, profile_->resolved, 0);
  const BufferId resolved = next_id_++;
  buffers_[resolved] = profile_->resolved;
  const ReadId id = read(resolved, 0, dispatches * 2 * sizeof(std::uint64_t));
  buffers_.erase(resolved);
  submit();
  std::vector<std::byte> bytes;
  while (status().ok() && !take(id, bytes)) poll();
  std::vector<std::uint64_t> stamps(bytes.size() / sizeof(std::uint64_t));
  std::memcpy(stamps.data(), bytes.data(), stamps.size() * sizeof(std::uint64_t));
  for (std::size_t i = 0; 2 * i + 1 < stamps.size(); ++i) {
    KernelTime& time = profile_->times[pipelines_.at(profile_->dispatched[i]).name];
    time.nanoseconds += stamps[2 * i + 1] - stamps[2 * i];
    ++time.dispatches;
  }
  profile_->dispatched.clear();
}

std::vector<Device::KernelTime> DawnDevice::finish_profile() {
  std::vector<KernelTime> times;
  if (!profile_) return times;
  gather_timestamps();
  for (auto& [name, time] : profile_->times) times.push_back({name, time.nanoseconds, time.dispatches});
  wgpuQuerySetRelease(profile_->queries);
  wgpuBufferRelease(profile_->resolved);
  profile_.reset();
  return times;
}

}  // namespace flux::webgpu
