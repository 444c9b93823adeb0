// An OCI runtime that hands over to runc, after taking out of the request those capabilities that this
// machine's bounding set lacks. Without it, a privileged container asks for all there are, and runc refuses.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

func main() {
	if err := handOver(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "oci-runtime:", err)
		os.Exit(1)
	}
}

func handOver(args []string) error {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	lacking, err := lackingCapabilities(string(status))
	if err != nil {
		return err
	}
	if len(lacking) > 0 {
		if err := restrict(args, lacking); err != nil {
			return err
		}
	}
	runc, err := exec.LookPath("runc")
	if err != nil {
		return err
	}
	return syscall.Exec(runc, append([]string{"runc"}, args...), os.Environ())
}

// restrict edits the file that the command is about to read: the bundle's (create, run), or the process' (exec).
func restrict(args []string, lacking map[string]bool) error {
	if bundle := option(args, "--bundle", "-b"); bundle != "" {
		return edit(bundle+"/config.json", func(spec object) error {
			return within(spec, "process", func(process object) error { return dropFrom(process, lacking) })
		})
	}
	if process := option(args, "--process", "-p"); process != "" {
		return edit(process, func(process object) error { return dropFrom(process, lacking) })
	}
	return nil
}

// option is the value of a flag, written as `--name value` or `--name=value`.
func option(args []string, names ...string) string {
	for i, arg := range args {
		for _, name := range names {
			if arg == name && i+1 < len(args) {
				return args[i+1]
			}
			if value, found := strings.CutPrefix(arg, name+"="); found {
				return value
			}
		}
	}
	return ""
}

// object keeps what it does not understand as it was written.
type object = map[string]json.RawMessage

func edit(path string, change func(object) error) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var document object
	if err := json.Unmarshal(text, &document); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := change(document); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	changed, err := json.Marshal(document)
	if err != nil {
		return err
	}
	return os.WriteFile(path, changed, 0o600)
}

func within(parent object, key string, change func(object) error) error {
	raw, found := parent[key]
	if !found {
		return nil
	}
	var child object
	if err := json.Unmarshal(raw, &child); err != nil {
		return err
	}
	if err := change(child); err != nil {
		return err
	}
	changed, err := json.Marshal(child)
	parent[key] = changed
	return err
}

func dropFrom(process object, lacking map[string]bool) error {
	return within(process, "capabilities", func(sets object) error {
		for name, raw := range sets {
			var names []string
			if err := json.Unmarshal(raw, &names); err != nil {
				return err
			}
			kept := make([]string, 0, len(names))
			for _, capability := range names {
				if !lacking[capability] {
					kept = append(kept, capability)
				}
			}
			changed, err := json.Marshal(kept)
			if err != nil {
				return err
			}
			sets[name] = changed
		}
		return nil
	})
}
