// The device interface on the browser's WebGPU: every call is an import of the WebAssembly module, which studio/engine/src/gpu.ts carries
// out. Two of them wait, `open` and the two kinds of looking for results: the browser then suspends the module (JavaScript Promise
// Integration), so an export of the module that may come here has to be called as a promise.
#include "device.h"

#define FLUX_IMPORT(name) __attribute__((import_module("flux_gpu"), import_name(#name)))

extern "C" {
// A device, or 0; text() of device 0 then says why there is none. Suspends.
FLUX_IMPORT(open) std::uint32_t flux_gpu_open();
FLUX_IMPORT(close) void flux_gpu_close(std::uint32_t device);
// Numbers of a Description, in its order.
FLUX_IMPORT(describe) void flux_gpu_describe(std::uint32_t device, double* numbers);
// Copies at most `capacity` bytes of a text to `to`; returns how many. Which: a Text.
FLUX_IMPORT(text) std::uint32_t flux_gpu_text(std::uint32_t device, std::uint32_t which, char* to, std::uint32_t capacity);
FLUX_IMPORT(failed) std::uint32_t flux_gpu_failed(std::uint32_t device);

FLUX_IMPORT(create_buffer) std::uint32_t flux_gpu_create_buffer(std::uint32_t device, double bytes, std::uint32_t uniform);
FLUX_IMPORT(destroy_buffer) void flux_gpu_destroy_buffer(std::uint32_t device, std::uint32_t buffer);
// `bindings`: an Access each.
FLUX_IMPORT(create_pipeline)
std::uint32_t flux_gpu_create_pipeline(std::uint32_t device, const char* name, std::uint32_t name_size, const char* wgsl,
                                       std::uint32_t wgsl_size, const flux::webgpu::Access* bindings, std::uint32_t count);
FLUX_IMPORT(destroy_pipeline) void flux_gpu_destroy_pipeline(std::uint32_t device, std::uint32_t pipeline);
FLUX_IMPORT(create_group)
std::uint32_t flux_gpu_create_group(std::uint32_t device, std::uint32_t pipeline, const std::uint32_t* buffers, std::uint32_t count);
FLUX_IMPORT(destroy_group) void flux_gpu_destroy_group(std::uint32_t device, std::uint32_t group);

FLUX_IMPORT(write)
void flux_gpu_write(std::uint32_t device, std::uint32_t buffer, double offset, const std::byte* bytes, std::uint32_t size);
FLUX_IMPORT(dispatch)
void flux_gpu_dispatch(std::uint32_t device, std::uint32_t pipeline, std::uint32_t group, std::uint32_t offset, std::uint32_t workgroups);
FLUX_IMPORT(copy)
void flux_gpu_copy(std::uint32_t device, std::uint32_t from, double from_offset, std::uint32_t to, double to_offset, double bytes);
FLUX_IMPORT(clear) void flux_gpu_clear(std::uint32_t device, std::uint32_t buffer, double offset, double bytes);
FLUX_IMPORT(read) std::uint32_t flux_gpu_read(std::uint32_t device, std::uint32_t buffer, double offset, std::uint32_t size);
FLUX_IMPORT(submit) void flux_gpu_submit(std::uint32_t device);

// Until a read that is under way has come, or failed. Suspends.
FLUX_IMPORT(poll) void flux_gpu_poll(std::uint32_t device);
// Until all that was submitted is done, and its errors known. Suspends.
FLUX_IMPORT(wait) void flux_gpu_wait(std::uint32_t device);
// Bytes of a read that has come, +1; 0: it is under way.
FLUX_IMPORT(ready) std::uint32_t flux_gpu_ready(std::uint32_t device, std::uint32_t read);
// Hands the bytes over and ends the read.
FLUX_IMPORT(take) void flux_gpu_take(std::uint32_t device, std::uint32_t read, std::byte* to);
FLUX_IMPORT(drop) void flux_gpu_drop(std::uint32_t device, std::uint32_t read);
FLUX_IMPORT(lose) void flux_gpu_lose(std::uint32_t device);
}

namespace flux::webgpu {

namespace {

enum Text : std::uint32_t { text_name, text_vendor, text_driver, text_trouble };
enum Description : std::uint32_t {
  describes_software,
  describes_buffer_bytes,
  describes_binding_bytes,
  describes_workgroup_threads,
  describes_storage_buffers,
  description_size
};

std::string text_of(std::uint32_t device, Text which) {
  std::string text(1000, '\0');
  text.resize(flux_gpu_text(device, which, text.data(), static_cast<std::uint32_t>(text.size())));
  return text;
}

std::uint32_t size_of(const auto& list) { return static_cast<std::uint32_t>(list.size()); }

DeviceInfo describe(std::uint32_t device) {
  double numbers[description_size] = {};
  flux_gpu_describe(device, numbers);
  DeviceInfo info;
  info.name = text_of(device, text_name);
  info.vendor = text_of(device, text_vendor);
  info.driver = text_of(device, text_driver);
  info.backend = "browser";
  info.kind = numbers[describes_software] != 0 ? AdapterKind::software : AdapterKind::unknown;
  info.buffer_bytes = static_cast<std::uint64_t>(numbers[describes_buffer_bytes]);
  info.binding_bytes = static_cast<std::uint64_t>(numbers[describes_binding_bytes]);
  info.workgroup_threads = static_cast<std::uint32_t>(numbers[describes_workgroup_threads]);
  info.storage_buffers = static_cast<std::uint32_t>(numbers[describes_storage_buffers]);
  return info;
}

class BrowserDevice final : public Device {
 public:
  explicit BrowserDevice(std::uint32_t device) : device_(device), info_(describe(device)) {}
  ~BrowserDevice() override { flux_gpu_close(device_); }

  const DeviceInfo& info() const override { return info_; }
  std::uint32_t number() const override { return device_; }
  Status status() override {
    if (flux_gpu_failed(device_) == 0) return {};
    return Error{"the GPU failed: " + text_of(device_, text_trouble), info_.name, "the cpu core computes the same"};
  }

  BufferId create_buffer(std::uint64_t bytes, bool uniform) override {
    return flux_gpu_create_buffer(device_, static_cast<double>(bytes), uniform ? 1 : 0);
  }
  void destroy_buffer(BufferId buffer) override { flux_gpu_destroy_buffer(device_, buffer); }
  PipelineId create_pipeline(std::string_view name, const std::string& wgsl, std::span<const Access> bindings) override {
    return flux_gpu_create_pipeline(device_, name.data(), size_of(name), wgsl.data(), size_of(wgsl), bindings.data(), size_of(bindings));
  }
  void destroy_pipeline(PipelineId pipeline) override { flux_gpu_destroy_pipeline(device_, pipeline); }
  GroupId create_group(PipelineId pipeline, std::span<const BufferId> buffers) override {
    return flux_gpu_create_group(device_, pipeline, buffers.data(), size_of(buffers));
  }
  void destroy_group(GroupId group) override { flux_gpu_destroy_group(device_, group); }
  void write(BufferId buffer, std::uint64_t offset, std::span<const std::byte> bytes) override {
    flux_gpu_write(device_, buffer, static_cast<double>(offset), bytes.data(), size_of(bytes));
  }

  void dispatch(PipelineId pipeline, GroupId group, std::uint32_t tick, std::uint32_t workgroups) override {
    flux_gpu_dispatch(device_, pipeline, group, tick * FLUX_UNIFORM_STRIDE, workgroups);
  }
  void copy(BufferId from, std::uint64_t from_offset, BufferId to, std::uint64_t to_offset, std::uint64_t bytes) override {
    flux_gpu_copy(device_, from, static_cast<double>(from_offset), to, static_cast<double>(to_offset), static_cast<double>(bytes));
  }
  void clear(BufferId buffer, std::uint64_t offset, std::uint64_t bytes) override {
    flux_gpu_clear(device_, buffer, static_cast<double>(offset), static_cast<double>(bytes));
  }
  ReadId read(BufferId buffer, std::uint64_t offset, std::uint64_t bytes) override {
    return flux_gpu_read(device_, buffer, static_cast<double>(offset), static_cast<std::uint32_t>(bytes));
  }
  void submit() override { flux_gpu_submit(device_); }

  void poll() override { flux_gpu_poll(device_); }
  Status wait() override {
    flux_gpu_wait(device_);
    return status();
  }
  bool take(ReadId read, std::vector<std::byte>& bytes) override {
    const std::uint32_t ready = flux_gpu_ready(device_, read);
    if (ready == 0) return false;
    bytes.resize(ready - 1);
    flux_gpu_take(device_, read, bytes.data());
    return true;
  }
  void drop(ReadId read) override { flux_gpu_drop(device_, read); }

  void start_profile() override {}  // browsers round timestamps
  std::vector<KernelTime> finish_profile() override { return {}; }
  void lose() override { flux_gpu_lose(device_); }

 private:
  std::uint32_t device_;
  DeviceInfo info_;
};

}  // namespace

// A page cannot list adapters: the one that it would be given.
Result<std::vector<DeviceInfo>> list_adapters() {
  auto device = open_device("");
  if (!device) return device.error();
  return std::vector<DeviceInfo>{device.value()->info()};
}

Result<std::unique_ptr<Device>> open_device(const std::string&) {
  const std::uint32_t device = flux_gpu_open();
  if (device == 0) return Error{text_of(0, text_trouble), "", "the cpu core computes the same"};
  return std::unique_ptr<Device>(std::make_unique<BrowserDevice>(device));
}

}  // namespace flux::webgpu
