// What the shell knows of the terminal it may be talking to, and of the signals that ask it to stop.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace flux::cli {

bool is_terminal(std::FILE* stream);
struct TerminalSize {
  int columns = 80;
  int lines = 24;
};
TerminalSize terminal_size(std::FILE* stream);  // 80x24 when it cannot be told

// Colours text for a stream, or leaves it plain: when the stream is no terminal, or NO_COLOR is set.
class Palette {
 public:
  explicit Palette(std::FILE* stream);
  explicit Palette(bool colours) : colours_(colours) {}
  std::string accent(std::string_view text) const { return paint("38;5;78", text); }
  std::string bright(std::string_view text) const { return paint("1", text); }
  std::string dim(std::string_view text) const { return paint("38;5;245", text); }
  std::string faint(std::string_view text) const { return paint("38;5;239", text); }
  std::string warning(std::string_view text) const { return paint("38;5;179", text); }
  std::string error(std::string_view text) const { return paint("38;5;203", text); }

 private:
  std::string paint(const char* code, std::string_view text) const;
  bool colours_;
};

// From its making on, SIGINT, SIGTERM and SIGHUP ask politely: stop_requested() turns true. A second one ends the process at once.
void catch_stop_signals();
bool stop_requested();

// Full screen drawing: hides the cursor, reads keys without echo; the destructor gives the terminal back as it was.
class Screen {
 public:
  Screen();
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  void show(const std::string& frame);  // lines separated by \n, no more than fit
  // The key pressed since the last call, or 0.
  char key();

 private:
  struct Saved;
  std::unique_ptr<Saved> saved_;  // how the terminal was
};

}  // namespace flux::cli
