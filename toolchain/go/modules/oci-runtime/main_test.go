package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestLackingCapabilities(t *testing.T) {
	lacking, err := lackingCapabilities("CapEff:\t000001ffffffffff\nCapBnd:\t000001fffeffffff\nCapAmb:\t0\n")
	if err != nil || !reflect.DeepEqual(lacking, map[string]bool{"CAP_SYS_RESOURCE": true}) {
		t.Fatal(lacking, err)
	}
	if _, err := lackingCapabilities("nothing"); err == nil {
		t.Fatal("a status without a bounding set is accepted")
	}
}

func TestOption(t *testing.T) {
	args := []string{"--root", "/r", "create", "--bundle", "/b", "--pid-file=/p", "id"}
	if got := option(args, "--bundle", "-b"); got != "/b" {
		t.Fatal(got)
	}
	if got := option(args, "--pid-file"); got != "/p" {
		t.Fatal(got)
	}
	if got := option(args, "--process", "-p"); got != "" {
		t.Fatal(got)
	}
}

const process = `{"args":["a"],"limit":12345678901234567890,"capabilities":{"bounding":["CAP_KILL","CAP_SYS_RESOURCE"]}}`
const restricted = `{"args":["a"],"capabilities":{"bounding":["CAP_KILL"]},"limit":12345678901234567890}`

func TestRestrict(t *testing.T) {
	lacking := map[string]bool{"CAP_SYS_RESOURCE": true}
	cases := map[string]struct {
		file, before, after string
		args                func(folder string) []string
	}{
		"create": {"config.json", `{"process":` + process + `}`, `{"process":` + restricted + `}`,
			func(folder string) []string { return []string{"create", "--bundle", folder, "id"} }},
		"exec": {"process.json", process, restricted,
			func(folder string) []string { return []string{"exec", "--process", folder + "/process.json", "id"} }},
		"other": {"config.json", process, process,
			func(string) []string { return []string{"state", "id"} }},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, c.file)
			if err := os.WriteFile(path, []byte(c.before), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := restrict(c.args(folder), lacking); err != nil {
				t.Fatal(err)
			}
			got, _ := os.ReadFile(path)
			if !json.Valid(got) || string(got) != c.after {
				t.Fatalf("%s\ninstead of\n%s", got, c.after)
			}
		})
	}
}
