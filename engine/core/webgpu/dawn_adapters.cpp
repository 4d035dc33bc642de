// The adapters that Dawn finds, and devices made of them.
#include <algorithm>
#include <cctype>

#include "dawn_device.h"

namespace flux::webgpu {

namespace {

// Features whose numbers this build of Dawn and the headers may disagree about: cmake/dawn.cmake knows.
#ifdef FLUX_DAWN_TIMESTAMP_QUERY
constexpr auto FLUX_TIMESTAMP_QUERY = static_cast<WGPUFeatureName>(FLUX_DAWN_TIMESTAMP_QUERY);
constexpr auto FLUX_MEMORY_HEAPS = static_cast<WGPUFeatureName>(FLUX_DAWN_MEMORY_HEAPS);
#else
constexpr auto FLUX_TIMESTAMP_QUERY = WGPUFeatureName_TimestampQuery;
constexpr auto FLUX_MEMORY_HEAPS = WGPUFeatureName_AdapterPropertiesMemoryHeaps;
#endif

std::string text_of(WGPUStringView text) {
  if (text.data == nullptr) return "";
  return text.length == WGPU_STRLEN ? std::string(text.data) : std::string(text.data, text.length);
}

const char* backend_name(WGPUBackendType type) {
  switch (type) {
    case WGPUBackendType_Vulkan:
      return "Vulkan";
    case WGPUBackendType_Metal:
      return "Metal";
    case WGPUBackendType_D3D12:
      return "Direct3D 12";
    case WGPUBackendType_D3D11:
      return "Direct3D 11";
    case WGPUBackendType_OpenGL:
    case WGPUBackendType_OpenGLES:
      return "OpenGL";
    default:
      return "unknown";
  }
}

AdapterKind kind_of(WGPUAdapterType type) {
  switch (type) {
    case WGPUAdapterType_DiscreteGPU:
      return AdapterKind::discrete;
    case WGPUAdapterType_IntegratedGPU:
      return AdapterKind::integrated;
    case WGPUAdapterType_CPU:
      return AdapterKind::software;
    default:
      return AdapterKind::unknown;
  }
}

struct Toggles {
  // Timestamps are rounded for the sake of web pages; measurements want them as they are.
  std::vector<const char*> enabled{"allow_unsafe_apis"};
  std::vector<const char*> disabled{"timestamp_quantization"};
  WGPUDawnTogglesDescriptor descriptor() {
    WGPUDawnTogglesDescriptor toggles = WGPU_DAWN_TOGGLES_DESCRIPTOR_INIT;
    toggles.enabledToggles = enabled.data();
    toggles.enabledToggleCount = enabled.size();
    toggles.disabledToggles = disabled.data();
    toggles.disabledToggleCount = disabled.size();
    return toggles;
  }
};

WGPUInstance create_instance() {
  static Toggles toggles;
  WGPUDawnTogglesDescriptor chained = toggles.descriptor();
  const WGPUInstanceFeatureName features[] = {WGPUInstanceFeatureName_TimedWaitAny};
  WGPUInstanceDescriptor descriptor = WGPU_INSTANCE_DESCRIPTOR_INIT;
  descriptor.nextInChain = &chained.chain;
  descriptor.requiredFeatures = features;
  descriptor.requiredFeatureCount = 1;
  return wgpuCreateInstance(&descriptor);
}

template <class Handle>
struct Requested {
  Handle handle = nullptr;
  std::string message;
};

// One adapter of each way to ask for one; Dawn's C API cannot list them.
std::vector<WGPUAdapter> find_adapters(WGPUInstance instance) {
  struct Way {
    WGPUPowerPreference power;
    WGPUBool fallback;
  };
  const Way ways[] = {{WGPUPowerPreference_HighPerformance, WGPU_FALSE},
                      {WGPUPowerPreference_LowPower, WGPU_FALSE},
                      {WGPUPowerPreference_Undefined, WGPU_TRUE}};
  std::vector<WGPUAdapter> adapters;
  std::vector<std::string> seen;
  for (const Way& way : ways) {
    WGPURequestAdapterOptions options = WGPU_REQUEST_ADAPTER_OPTIONS_INIT;
    options.featureLevel = WGPUFeatureLevel_Core;
    options.powerPreference = way.power;
    options.forceFallbackAdapter = way.fallback;
    Requested<WGPUAdapter> requested;
    WGPURequestAdapterCallbackInfo callback = WGPU_REQUEST_ADAPTER_CALLBACK_INFO_INIT;
    callback.mode = WGPUCallbackMode_WaitAnyOnly;
    callback.userdata1 = &requested;
    callback.callback = [](WGPURequestAdapterStatus, WGPUAdapter adapter, WGPUStringView, void* to, void*) {
      static_cast<Requested<WGPUAdapter>*>(to)->handle = adapter;
    };
    WGPUFutureWaitInfo wait = {wgpuInstanceRequestAdapter(instance, &options, callback), WGPU_FALSE};
    wgpuInstanceWaitAny(instance, 1, &wait, UINT64_MAX);
    if (requested.handle == nullptr) continue;
    WGPUAdapterInfo info = WGPU_ADAPTER_INFO_INIT;
    wgpuAdapterGetInfo(requested.handle, &info);
    const std::string key = text_of(info.device) + "/" + text_of(info.description) + "/" + backend_name(info.backendType);
    const bool computes = info.backendType != WGPUBackendType_Null;
    wgpuAdapterInfoFreeMembers(info);
    if (!computes || std::find(seen.begin(), seen.end(), key) != seen.end()) {
      wgpuAdapterRelease(requested.handle);
      continue;
    }
    seen.push_back(key);
    adapters.push_back(requested.handle);
  }
  return adapters;
}

DeviceInfo describe(WGPUAdapter adapter) {
  DeviceInfo result;
  WGPUAdapterInfo info = WGPU_ADAPTER_INFO_INIT;
  WGPUAdapterPropertiesMemoryHeaps heaps = WGPU_ADAPTER_PROPERTIES_MEMORY_HEAPS_INIT;
  const bool tells_memory = wgpuAdapterHasFeature(adapter, FLUX_MEMORY_HEAPS) != WGPU_FALSE;
  if (tells_memory) info.nextInChain = &heaps.chain;
  wgpuAdapterGetInfo(adapter, &info);
  result.name = text_of(info.device);
  result.vendor = text_of(info.vendor);
  result.driver = text_of(info.description);
  result.backend = backend_name(info.backendType);
  result.kind = kind_of(info.adapterType);
  for (std::size_t i = 0; tells_memory && i < heaps.heapCount; ++i) {
    if ((heaps.heapInfo[i].properties & WGPUHeapProperty_DeviceLocal) != 0) {
      result.memory_bytes = std::max(result.memory_bytes, heaps.heapInfo[i].size);
    }
  }
  if (tells_memory) wgpuAdapterPropertiesMemoryHeapsFreeMembers(heaps);
  info.nextInChain = nullptr;
  wgpuAdapterInfoFreeMembers(info);
  WGPULimits limits = WGPU_LIMITS_INIT;
  wgpuAdapterGetLimits(adapter, &limits);
  result.buffer_bytes = limits.maxBufferSize;
  result.binding_bytes = limits.maxStorageBufferBindingSize;
  result.workgroup_threads = limits.maxComputeInvocationsPerWorkgroup;
  result.storage_buffers = limits.maxStorageBuffersPerShaderStage;
  result.timestamps = wgpuAdapterHasFeature(adapter, FLUX_TIMESTAMP_QUERY) != WGPU_FALSE;
  return result;
}

Error no_adapter() {
  return Error{"there is no GPU that WebGPU can use on this machine", "",
               "install its Vulkan driver and libvulkan1; the cpu core computes the same"};
}

bool contains_ignoring_case(const std::string& text, const std::string& part) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

// Index of the adapter that is wanted, or of none.
std::size_t choose(const std::vector<DeviceInfo>& infos, const std::string& wanted) {
  if (wanted.empty()) return 0;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (wanted == std::to_string(i) || contains_ignoring_case(infos[i].name, wanted)) return i;
  }
  return infos.size();
}

std::unique_ptr<Device> make_device(WGPUInstance instance, WGPUAdapter adapter, const DeviceInfo& info, std::string& message) {
  WGPULimits limits = WGPU_LIMITS_INIT;
  wgpuAdapterGetLimits(adapter, &limits);
  limits.nextInChain = nullptr;
  const WGPUFeatureName features[] = {FLUX_TIMESTAMP_QUERY};
  auto trouble = std::make_unique<Trouble>();
  Toggles toggles;
  WGPUDawnTogglesDescriptor chained = toggles.descriptor();
  WGPUDeviceDescriptor descriptor = WGPU_DEVICE_DESCRIPTOR_INIT;
  descriptor.nextInChain = &chained.chain;
  descriptor.requiredLimits = &limits;
  descriptor.requiredFeatures = features;
  descriptor.requiredFeatureCount = info.timestamps ? 1 : 0;
  descriptor.deviceLostCallbackInfo.mode = WGPUCallbackMode_AllowSpontaneous;
  descriptor.deviceLostCallbackInfo.userdata1 = trouble.get();
  descriptor.deviceLostCallbackInfo.callback = [](WGPUDevice const*, WGPUDeviceLostReason, WGPUStringView text, void* to, void*) {
    auto* first = static_cast<Trouble*>(to);
    if (first->message.empty()) first->message = "it was lost (" + text_of(text) + ")";
  };
  descriptor.uncapturedErrorCallbackInfo.userdata1 = trouble.get();
  descriptor.uncapturedErrorCallbackInfo.callback = [](WGPUDevice const*, WGPUErrorType type, WGPUStringView text, void* to, void*) {
    auto* first = static_cast<Trouble*>(to);
    if (first->message.empty()) first->message = type == WGPUErrorType_OutOfMemory ? "its memory ran out" : text_of(text);
  };
  Requested<WGPUDevice> requested;
  WGPURequestDeviceCallbackInfo callback = WGPU_REQUEST_DEVICE_CALLBACK_INFO_INIT;
  callback.mode = WGPUCallbackMode_WaitAnyOnly;
  callback.userdata1 = &requested;
  callback.callback = [](WGPURequestDeviceStatus, WGPUDevice device, WGPUStringView text, void* to, void*) {
    *static_cast<Requested<WGPUDevice>*>(to) = {device, text_of(text)};
  };
  WGPUFutureWaitInfo wait = {wgpuAdapterRequestDevice(adapter, &descriptor, callback), WGPU_FALSE};
  wgpuInstanceWaitAny(instance, 1, &wait, UINT64_MAX);
  message = requested.message;
  if (requested.handle == nullptr) return nullptr;
  wgpuInstanceAddRef(instance);
  return std::make_unique<DawnDevice>(instance, requested.handle, info, std::move(trouble));
}

// The adapters and what they are, those that are no software first.
struct Adapters {
  WGPUInstance instance = create_instance();
  std::vector<WGPUAdapter> handles;
  std::vector<DeviceInfo> infos;

  Adapters() {
    if (instance == nullptr) return;
    handles = find_adapters(instance);
    std::stable_partition(handles.begin(), handles.end(),
                          [](WGPUAdapter adapter) { return describe(adapter).kind != AdapterKind::software; });
    for (WGPUAdapter adapter : handles) infos.push_back(describe(adapter));
  }
  ~Adapters() {
    for (WGPUAdapter adapter : handles) wgpuAdapterRelease(adapter);
    if (instance != nullptr) wgpuInstanceRelease(instance);
  }
};

}  // namespace

Result<std::vector<DeviceInfo>> list_adapters() {
  Adapters adapters;
  if (adapters.infos.empty()) return no_adapter();
  return adapters.infos;
}

Result<std::unique_ptr<Device>> open_device(const std::string& wanted) {
  Adapters adapters;
  if (adapters.infos.empty()) return no_adapter();
  const std::size_t chosen = choose(adapters.infos, wanted);
  if (chosen == adapters.infos.size()) {
    return Error{"no GPU is called '" + wanted + "'", "--device", "flux devices lists what there is"};
  }
  std::string message;
  auto device = make_device(adapters.instance, adapters.handles[chosen], adapters.infos[chosen], message);
  if (device == nullptr) return Error{"the GPU cannot be used: " + message, adapters.infos[chosen].name, "the cpu core computes the same"};
  return device;
}

}  // namespace flux::webgpu
