namespace FunctionalGrad.Samples.GradBench;

/// <summary>Reads lines of any length as bytes, into one buffer that grows to the longest line.</summary>
/// <param name="input">Where the lines come from.</param>
internal sealed class LineReader(Stream input)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>The next line without its end; null at the end of the input. It is good until the next call.</summary>
    public ReadOnlyMemory<byte>? Next()
    {
        var searched = _start;
        while (true)
        {
            var at = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = _buffer.AsMemory(_start, searched + at - _start);
                _start = searched + at + 1;
                return line;
            }

            searched = MakeRoom(_end);
            var read = input.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
            {
                // What comes after the last end of a line is a line too.
                var rest = _buffer.AsMemory(_start, _end - _start);
                _start = _end;
                return rest.IsEmpty ? (ReadOnlyMemory<byte>?)null : rest;
            }

            _end += read;
        }
    }

    // Moves the line that has begun to the front of the buffer, or to a larger one; returns where the position went.
    private int MakeRoom(int position)
    {
        if (_end == _buffer.Length)
        {
            var target = _start < _buffer.Length / 2 ? new byte[checked(2 * _buffer.Length)] : _buffer;
            _buffer.AsSpan(_start, _end - _start).CopyTo(target);
            _buffer = target;
            position -= _start;
            _end -= _start;
            _start = 0;
        }

        return position;
    }
}
