Console.WriteLine("MicroGpt: nothing to train yet");
