Console.WriteLine("Micrograd: nothing to train yet");
