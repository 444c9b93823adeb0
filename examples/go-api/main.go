// A small API, in an image that holds nothing but this program.
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

type status struct {
	Name     string `json:"name"`
	Greeting string `json:"greeting"`
	// Whether the secret is there, not what it is.
	HasKey bool `json:"hasKey"`
}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(status{"go-api", os.Getenv("GREETING"), os.Getenv("API_KEY") != ""})
	})
	server := &http.Server{Addr: ":" + os.Getenv("PORT"), Handler: mux, ReadHeaderTimeout: 10 * time.Second}

	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	go func() {
		if err := server.ListenAndServe(); err != http.ErrServerClosed {
			log.Fatal(err)
		}
	}()
	log.Printf("listening on %s", server.Addr)
	<-stop.Done()
	drained, cut := context.WithTimeout(context.Background(), 15*time.Second)
	defer cut()
	_ = server.Shutdown(drained)
}
